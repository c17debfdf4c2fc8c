public import Foundation
import ParleyCore

/// Finds the parser for a file by its content and runs it.
public struct ParserRegistry: Sendable {
    private let parsers: [String: any DocumentParser]

    /// The formats of this release.
    public static let standard: [any DocumentParser] = [
        PDFParser(), PictureParser(), DOCXParser(), MailParser(), ArchiveParser(), NotebookParser(), JSONDocumentParser(),
        XMLDocumentParser(), SubtitleParser(), HTMLParser(), MarkdownParser(), PlainTextParser(),
    ]

    /// Of two parsers for one type the later stands.
    public init(_ parsers: [any DocumentParser] = ParserRegistry.standard) {
        let pairs = parsers.flatMap { parser in parser.mediaTypes.map { ($0, parser) } }
        self.parsers = Dictionary(pairs) { _, later in later }
    }

    /// What can be read.
    public var mediaTypes: Set<String> { Set(parsers.keys) }

    /// - Parameter name: the file's name as the client gave it; a hint only.
    /// - Throws: what `MediaTypeDetector.detect` and the parser throw; `document.no_text` when there is nothing to read.
    public func parse(_ file: URL, name: String?, limits: ParsingLimits = .standard) async throws -> ParsedDocument {
        let type = try await onWorkerThread { try MediaTypeDetector.detect(file: file, name: name) }
        guard let parser = parsers[type.mediaType] else {
            throw ParleyError(.documentUnsupported, "Files of type \(type.mediaType) cannot be read by this installation.")
        }
        let document = try await parser.parse(file, as: type, limits: limits)
        guard !document.blocks.isEmpty else {
            throw ParleyError(.documentNoText, "The document holds no text to read; check that it is the right file.")
        }
        return document
    }
}
