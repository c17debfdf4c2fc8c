public import Foundation
import ParleyCore

/// Word documents (ECMA-376, transitional and strict). Runs in process: the archive is read by our own reader with a limit on what
/// comes out, and the XML by our own tokenizer, which expands no entities and keeps no tree.
public struct DOCXParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.docx]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread { try read(ZipArchive(file), limits) }
    }

    private func read(_ archive: ZipArchive, _ limits: ParsingLimits) throws -> ParsedDocument {
        var left = limits.inflatedBytes
        func part(_ name: String) throws -> [UInt8]? {
            let bytes = try archive.read(name, limit: left)
            left -= bytes?.count ?? 0
            return bytes
        }
        guard let body = try part("word/document.xml") else { throw ZipArchive.damaged }
        let styles = DOCXStyles(try part("word/styles.xml") ?? [])
        let numbering = DOCXNumbering(try part("word/numbering.xml") ?? [])
        let notes = try ["word/footnotes.xml", "word/endnotes.xml"].map { DOCXNotes.read(try part($0) ?? []) }
        var reader = DOCXReader(limits, styles: styles, numbering: numbering, footnotes: notes[0], endnotes: notes[1])
        var tokens = WordTokens(body)
        while let token = tokens.next() { reader.take(token) }
        reader.append(try margins(of: archive, part))
        let properties = DOCXProperties(try part("docProps/core.xml") ?? [])
        return try reader.finish(properties)
    }

    /// Headers and footers whose lines the document holds in as many parts.
    private static let mostMargins = 40

    /// Each line of the headers and footers once, then the comments.
    private func margins(of archive: ZipArchive, _ part: (String) throws -> [UInt8]?) throws -> [String] {
        let names = archive.names.filter { ($0.hasPrefix("word/header") || $0.hasPrefix("word/footer")) && $0.hasSuffix(".xml") }
        var seen: Set<String> = []
        var lines: [String] = []
        for name in names.sorted().prefix(Self.mostMargins) {
            lines += DOCXMargins.lines(try part(name) ?? []).filter { seen.insert($0).inserted }
        }
        return lines + DOCXMargins.comments(try part("word/comments.xml") ?? [])
    }
}
