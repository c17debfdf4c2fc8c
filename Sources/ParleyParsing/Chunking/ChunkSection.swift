import ParleyCore

/// A span that goes into one chunk or shares one.
struct ChunkPiece {
    let from: Int
    let to: Int
    let tokens: Int
    var header: TableHeader?
}

/// The first row of a table that is split, for the pieces behind the first.
struct TableHeader {
    let text: String
    /// Whether it stands in the embedded text too: a long one would leave the rows no room.
    let isEmbedded: Bool

    var embedded: String? { isEmbedded ? text : nil }
}

/// The blocks under one heading, in pieces that fit.
struct ChunkSection {
    /// Headings from the outermost to the section's own.
    var path: [String]
    /// Where the section's own heading begins, and its tokens; nil for text before any heading.
    var heading: (from: Int, to: Int, tokens: Int)?
    var pieces: [ChunkPiece] = []

    /// Scalars of a heading that each chunk beneath it carries.
    private static let longestHeading = 300

    var from: Int { heading?.from ?? pieces.first?.from ?? 0 }
    var to: Int { pieces.last?.to ?? heading?.to ?? 0 }
    /// Tokens of heading and pieces together.
    var tokens: Int { pieces.reduce(heading?.tokens ?? 0) { $0 + $1.tokens } }

    /// - Throws: `CancellationError` when it is to stop.
    static func sections(
        of document: ParsedDocument, _ splitter: BlockSplitter, _ context: ChunkContext, target: Int, until stop: StopSign
    ) throws -> [ChunkSection] {
        var sections = [ChunkSection(path: [])]
        var open: [(level: Int, text: String)] = []
        var cursor = ScalarCursor(document.text)
        for block in document.blocks {
            try stop.check()
            let text = cursor.slice(from: block.from, to: block.to)
            if case .heading(let level) = block.kind {
                open.removeAll { $0.level >= level }
                let tokens = splitter.count(text)
                // A heading that the chunks beneath it have no room for is text as well.
                guard context.carries(tokens) else {
                    let path = open.map(\.text)
                    let pieces = splitter.pieces(of: block, text, room: context.room(under: path), target: target)
                    sections.append(ChunkSection(path: path, pieces: pieces))
                    continue
                }
                open.append((level, String(TextCleaner.line(text).unicodeScalars.prefix(Self.longestHeading))))
                sections.append(ChunkSection(path: open.map(\.text), heading: (block.from, block.to, tokens)))
            } else {
                let path = sections[sections.count - 1].path
                sections[sections.count - 1].pieces += splitter.pieces(of: block, text, room: context.room(under: path), target: target)
            }
        }
        return sections.filter { $0.heading != nil || !$0.pieces.isEmpty }
    }
}
