public import Foundation
import ParleyCore

/// Subtitles (SubRip, WebVTT): what is said, joined to sentences and paragraphs, each with the time at which it begins.
public struct SubtitleParser: DocumentParser {
    public let mediaTypes: Set<String> = [DetectedType.subtitles]
    /// A paragraph ends behind a sentence once it has this many letters, or before a pause, in milliseconds.
    private static let (enough, mostLetters, pause) = (400, 1200, 3000)

    public init() {}

    public func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument {
        try await onWorkerThread {
            let decoded = TextDecoder.decode(try FileBytes.all(file, limit: limits.textBytes))
            var builder = ParsedDocumentBuilder(limits)
            builder.warnings = decoded.warning.map { [$0] } ?? []
            write(SubtitleCues(TextCleaner.normalise(decoded.text)).cues, to: &builder)
            return try builder.build()
        }
    }

    private func write(_ cues: [SubtitleCues.Cue], to builder: inout ParsedDocumentBuilder) {
        var (start, end, text, last) = (0, 0, "", "")
        func flush() {
            if !text.isEmpty { builder.append(.paragraph, "[\(Self.time(start))] \(text)") }
            text = ""
        }
        for cue in cues {
            // Where lines roll up the screen, each is shown again with the next.
            let new = cue.lines.first == last && !last.isEmpty ? Array(cue.lines.dropFirst()) : cue.lines
            last = cue.lines.last ?? ""
            guard !new.isEmpty else { continue }
            let isSentence = text.last.map { ".!?…。！？\"”".contains($0) } ?? true
            let isSpoken = new[0].prefix(40).contains(":") && new[0].first?.isUppercase == true || new[0].hasPrefix("- ")
            if cue.start - end > Self.pause || isSentence && (text.utf8.count >= Self.enough || isSpoken)
                || text.utf8.count >= Self.mostLetters
            {
                flush()
            }
            if text.isEmpty { start = cue.start }
            text += (text.isEmpty ? "" : " ") + new.joined(separator: new.contains { $0.hasPrefix("- ") } ? "\n" : " ")
            end = cue.end
        }
        flush()
    }

    /// `1:02:03`, hours always shown, so that times can be compared.
    static func time(_ milliseconds: Int) -> String {
        let seconds = milliseconds / 1000
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return parts.joined(separator: ":")
    }
}
