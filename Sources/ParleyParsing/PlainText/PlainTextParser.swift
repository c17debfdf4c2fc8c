public import Foundation
import ParleyCore

/// Plain text in any encoding. Runs in process: a few linear passes over lines.
public struct PlainTextParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.plain]

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let decoded = TextDecoder.decode(try FileBytes.all(file, limit: limits.textBytes))
            return try parse(text: decoded.text, warnings: decoded.warning.map { [$0] } ?? [], limits)
        }
    }

    /// Paragraphs at blank lines, wrapped lines joined, headings and lists where they show.
    /// - Throws: `document.too_complex`.
    public func parse(text: String) throws -> ParsedDocument { try parse(text: text, warnings: [], .standard) }

    private func parse(text: String, warnings: [String], _ limits: ParsingLimits) throws -> ParsedDocument {
        let lines = TextCleaner.normalise(text).utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        let groups = PlainTextGroup.groups(of: lines)
        let joiner = LineJoiner(
            learning: groups.lazy.filter { $0.endsAnyLineInHyphen }.flatMap { $0.lines.lazy.map { String($0.prefix(400)) } })
        var builder = ParsedDocumentBuilder(limits)
        builder.warnings = warnings
        for (index, group) in groups.enumerated() {
            let level = group.headingLevel(isFirst: index == 0, isLast: index == groups.count - 1)
            if let level {
                builder.append(.heading(level: level), group.headingText)
                if builder.title == nil && index == 0 { builder.title = group.headingText }
            } else {
                for block in group.blocks(joiner) { builder.append(block.kind, block.text) }
            }
        }
        return try builder.build()
    }
}
