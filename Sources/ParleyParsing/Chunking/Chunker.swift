public import ParleyCore

/// Cuts a parsed document into chunks along its structure, sized in tokens of the embedding model.
///
/// Headings open sections and stay out of the slice, since the heading path carries them; small blocks of a section are packed together, and so
/// are small neighbouring sections. Blocks that do not fit are split at their natural borders: tables at rows, code at blank lines, text at
/// sentences, then words. Chunks do not overlap: title and heading path give the context that an overlap would, at less cost, and every
/// scalar then counts once in search and citations.
public struct Chunker: Sendable {
    /// Sizes in tokens.
    public struct Configuration: Sendable, Hashable {
        /// Blocks are packed up to this many.
        public var target = 200
        /// What the model reads, its special tokens included.
        public var maximum = 256
        /// `[CLS]`, `[SEP]` and their like around each text.
        public var specialTokens = 2

        public init(target: Int = 200, maximum: Int = 256, specialTokens: Int = 2) {
            (self.target, self.maximum, self.specialTokens) = (target, maximum, specialTokens)
        }
    }

    private let configuration: Configuration
    private let countTokens: @Sendable (String) -> Int

    /// - Parameter countTokens: tokens of a text without special ones.
    public init(_ configuration: Configuration = Configuration(), countTokens: @escaping @Sendable (String) -> Int) {
        (self.configuration, self.countTokens) = (configuration, countTokens)
    }

    /// In reading order. Synchronous and as long as the document: call it through `onWorkerThread`.
    /// - Throws: `CancellationError` when it is to stop.
    public func chunks(of document: ParsedDocument, until stop: StopSign = StopSign()) throws -> [Chunk] {
        let room = max(configuration.maximum - configuration.specialTokens, 16)
        let context = ChunkContext(title: document.title, room: room, countTokens: countTokens)
        let splitter = BlockSplitter(countTokens: countTokens)
        let sections = try ChunkSection.sections(of: document, splitter, context, target: configuration.target, until: stop)
        var packer = ChunkPacker(target: configuration.target, context: context)
        for section in sections { packer.take(section) }
        var writer = ChunkWriter(document, context, countTokens: countTokens)
        return try packer.finish().map {
            try stop.check()
            return writer.write($0)
        }
    }
}
