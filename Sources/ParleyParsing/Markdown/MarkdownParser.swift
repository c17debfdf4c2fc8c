public import Foundation
import ParleyCore

/// Markdown: CommonMark's blocks with GitHub's tables and a YAML front matter. Runs in process: one pass over lines and one over
/// each block's characters, without recursion or backtracking.
public struct MarkdownParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.markdown]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let decoded = TextDecoder.decode(try FileBytes.all(file, limit: limits.textBytes))
            return try parse(markdown: decoded.text, warnings: decoded.warning.map { [$0] } ?? [], limits)
        }
    }

    func parse(markdown: String, warnings: [String] = [], _ limits: ParsingLimits = .standard) throws -> ParsedDocument {
        var builder = ParsedDocumentBuilder(limits)
        builder.warnings = warnings
        let text = TextCleaner.normalise(builder.withoutFiles(markdown))
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        let matter = MarkdownFrontMatter(lines)
        builder.title = matter.fields["title"]
        builder.metadata.author = matter.fields["author"]
        builder.metadata.created = matter.fields["date"].flatMap { DocumentDate.read($0) }
        builder.append(.paragraph, matter.rest.joined(separator: "\n"))
        let body = lines[matter.end...]
        var scanner = MarkdownScanner(body, MarkdownNames(body), limits)
        while let block = try scanner.next() { builder.append(block.kind, block.text) }
        return try builder.build()
    }
}
