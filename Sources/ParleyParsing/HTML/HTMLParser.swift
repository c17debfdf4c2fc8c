public import Foundation
import ParleyCore

/// HTML and XHTML, as browsers forgive it. Runs in process: the tokenizer is ours, in memory-safe Swift, one pass without recursion,
/// so that hostile input costs no more than its length.
public struct HTMLParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.html]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let bytes = try FileBytes.all(file, limit: limits.textBytes)
            let decoded = TextDecoder.decode(bytes, declared: CharsetName.declared(in: bytes))
            return try parse(html: decoded.text, warnings: decoded.warning.map { [$0] } ?? [], limits)
        }
    }

    /// The narrowest view of the page that still holds its text: main content, then all but the page's frame, then everything.
    func parse(html: String, warnings: [String] = [], _ limits: ParsingLimits = .standard) throws -> ParsedDocument {
        let bytes = Array(html.utf8)
        var shape = HTMLPageShape()
        let everything = try read(bytes, .everything, warnings, limits, &shape)
        let withoutFrame = try read(bytes, .withoutFrame, warnings, limits, &shape)
        let base = withoutFrame.length * 10 >= everything.length ? withoutFrame : everything
        guard shape.hasMain, case let main = try read(bytes, .main, warnings, limits, &shape), main.length * 2 >= base.length,
            main.length > 0
        else { return base.noting(of: everything) }
        return main.noting(of: everything)
    }

    /// A part of a page, all of it.
    func parse(fragment html: String, _ limits: ParsingLimits) throws -> ParsedDocument {
        var shape = HTMLPageShape()
        return try read(Array(html.utf8), .everything, [], limits, &shape)
    }

    private func read(
        _ bytes: [UInt8], _ view: HTMLReader.View, _ warnings: [String], _ limits: ParsingLimits, _ shape: inout HTMLPageShape
    ) throws -> ParsedDocument {
        var tokens = MarkupTokenizer(bytes: bytes, .html)
        var reader = HTMLReader(view, shape, limits)
        while let token = tokens.next() { reader.take(token) }
        shape = reader.shape
        return try reader.finish(warnings: warnings)
    }
}

extension ParsedDocument {
    /// The same with a note of how much of the whole page it leaves out.
    fileprivate func noting(of everything: ParsedDocument) -> ParsedDocument {
        guard everything.length > length else { return self }
        let note =
            "What stands around the page's content (menus, footers and the like) was left out: \(everything.length - length) characters."
        return ParsedDocument(
            text: text, length: length, blocks: blocks, pages: pages, title: title, metadata: metadata, language: language,
            warnings: warnings + [note])
    }
}
