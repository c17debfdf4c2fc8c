public import Foundation
import ParleyCore

/// Plain text in any encoding. Runs in process: a few linear passes over lines.
public struct PlainTextParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.plain]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let decoded = TextDecoder.decode(try FileBytes.all(file, limit: limits.textBytes))
            return try parse(text: decoded.text, TextName(type.name), warnings: decoded.warning.map { [$0] } ?? [], limits)
        }
    }

    /// Paragraphs at blank lines, wrapped lines joined, headings, lists and tables where they show.
    /// - Throws: `document.too_complex`.
    public func parse(text: String) throws -> ParsedDocument { try parse(text: text, .unknown, warnings: [], .standard) }

    func parse(text raw: String, _ name: TextName, warnings: [String] = [], _ limits: ParsingLimits = .standard) throws -> ParsedDocument {
        let text = TextCleaner.normalise(TerminalText.plain(raw))
        var builder = ParsedDocumentBuilder(limits)
        builder.warnings = warnings
        if name == .table || name == .unknown || name == .prose, let table = DelimitedText(text, isNamed: name == .table) {
            append(table, to: &builder)
            return try builder.build()
        }
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        if name == .code || name == .unknown && CodeText.matches(lines) {
            for group in PlainTextGroup.groups(of: lines, divides: false) { builder.append(.code, group.lines.joined(separator: "\n")) }
        } else {
            append(lines, areRecords: name == .lines || name == .table, to: &builder)
        }
        return try builder.build()
    }

    private func append(_ table: DelimitedText, to builder: inout ParsedDocumentBuilder) {
        for line in table.opening { builder.append(.paragraph, line) }
        builder.append(.table(hasHeader: table.hasHeader), table.rows.map { TableText.row($0) }.joined(separator: "\n"))
    }

    private func append(_ lines: [Substring], areRecords: Bool, to builder: inout ParsedDocumentBuilder) {
        let groups = PlainTextGroup.groups(of: lines, divides: !areRecords)
        let joiner = LineJoiner(
            learning: groups.lazy.filter { $0.endsAnyLineInHyphen }.flatMap { $0.lines.lazy.map { String($0.prefix(400)) } })
        for (index, group) in groups.enumerated() {
            if areRecords {
                builder.append(.paragraph, group.lines.joined(separator: "\n"))
            } else if let level = group.headingLevel(isFirst: index == 0, isLast: index == groups.count - 1) {
                builder.append(.heading(level: level), group.headingText)
                if builder.title == nil && index == 0 { builder.title = group.headingText }
            } else {
                for block in group.blocks(joiner) { builder.append(block.kind, block.text) }
            }
        }
    }
}
