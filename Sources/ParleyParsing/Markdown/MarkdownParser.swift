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
        let lines = TextCleaner.normalise(markdown).utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        var scanner = MarkdownScanner(warnings: warnings, limits)
        let body = MarkdownFrontMatter.read(lines)
        scanner.apply(body.fields)
        for line in lines[body.end...] { try scanner.take(line) }
        return try scanner.finish()
    }
}

/// The `---` block at the start that many tools write.
enum MarkdownFrontMatter {
    /// Its plain `key: value` lines, and the line at which the text begins.
    static func read(_ lines: [Substring]) -> (fields: [String: String], end: Int) {
        guard lines.first == "---", let close = lines.prefix(200).dropFirst().firstIndex(where: { $0 == "---" || $0 == "..." })
        else { return ([:], 0) }
        var fields: [String: String] = [:]
        for line in lines[1..<close] {
            guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { continue }
            let value = line[line.index(after: colon)...].trimmingPrefix { $0 == " " }
            fields[line[..<colon].lowercased()] = String(value).trimmingQuotes
        }
        return (fields, close + 1)
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        guard utf8.count >= 2, let first, first == last, first == "\"" || first == "'" else { return self }
        return String(dropFirst().dropLast())
    }
}
