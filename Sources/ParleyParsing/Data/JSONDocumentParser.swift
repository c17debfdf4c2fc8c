public import Foundation
import ParleyCore

/// JSON and JSON Lines. Lists of plain objects are tables or records; other texts stand on lines, as they are written or, where that is one
/// line, as they are meant. Runs in process: two passes without recursion.
public struct JSONDocumentParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.json, DetectedType.jsonLines]
    private static let longestLine = 1000

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let decoded = TextDecoder.decode(try FileBytes.all(file, limit: limits.textBytes))
            var builder = ParsedDocumentBuilder(limits)
            builder.warnings = decoded.warning.map { [$0] } ?? []
            let text = builder.withoutFiles(decoded.text)
            if type.mediaType == DetectedType.jsonLines { lines(text, &builder) } else { whole(text, &builder) }
            return try builder.build()
        }
    }

    private func whole(_ text: String, _ builder: inout ParsedDocumentBuilder) {
        let bytes = Array(text.utf8)
        if let records = JSONRecords(bytes) { return records.write(to: &builder) }
        let isOnLines = bytes.split(separator: 0x0A).allSatisfy { $0.count <= Self.longestLine }
        if !isOnLines || bytes.count > 200 && !bytes.contains(0x0A), let read = try? JSONText(bytes) {
            for part in read.parts { builder.append(.code, part) }
        } else {
            Self.asItStands(JSONEscapes.withLetters(text), &builder)
        }
    }

    private func lines(_ text: String, _ builder: inout ParsedDocumentBuilder) {
        let lines = Array(text.utf8).split(separator: 0x0A).filter { $0.contains { $0 > 0x20 } }
        var records = JSONRecords()
        if lines.allSatisfy({ records.take(line: $0) }) { return records.write(to: &builder) }
        for line in lines {
            let parts = (try? JSONText(Array(line)).parts) ?? [String(decoding: line, as: UTF8.self)]
            for part in parts { builder.append(.code, part) }
        }
    }

    /// As code is kept: every line and its indentation.
    static func asItStands(_ text: String, _ builder: inout ParsedDocumentBuilder) {
        let lines = TextCleaner.normalise(text).utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        for group in PlainTextGroup.groups(of: lines, divides: false) { builder.append(.code, group.lines.joined(separator: "\n")) }
    }
}
