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
        let everything = try read(bytes, .everything, warnings, limits)
        let withoutFrame = try read(bytes, .withoutFrame, warnings, limits)
        let base = withoutFrame.length * 10 >= everything.length ? withoutFrame : everything
        let main = try read(bytes, .main, warnings, limits)
        return main.length >= 200 && main.length * 5 >= base.length || main.length * 2 >= base.length && main.length > 0 ? main : base
    }

    private func read(_ bytes: [UInt8], _ view: HTMLReader.View, _ warnings: [String], _ limits: ParsingLimits) throws -> ParsedDocument {
        var tokens = MarkupTokenizer(bytes: bytes, .html)
        var reader = HTMLReader(view, limits)
        while let token = tokens.next() { reader.take(token) }
        return try reader.finish(warnings: warnings)
    }
}
