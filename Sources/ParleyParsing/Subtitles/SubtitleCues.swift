import ParleyCore

/// What is said when, in SubRip and WebVTT files.
struct SubtitleCues {
    struct Cue: Equatable {
        /// In milliseconds.
        let start: Int
        let end: Int
        var lines: [String]
    }

    private(set) var cues: [Cue] = []

    static func matches(_ sample: String) -> Bool {
        if sample.hasPrefix("WEBVTT") { return true }
        let lines = sample.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: true)
        return lines.count == 3 && lines[0].allSatisfy { $0.isASCII && $0.isNumber } && times(lines[1]) != nil
    }

    init(_ text: String) {
        var isOpen = false
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map({ Substring($0) }) {
            if let (start, end) = Self.times(line) {
                // The number above the times stands as the last line of the cue before.
                cues.append(Cue(start: start, end: end, lines: []))
                isOpen = true
            } else if line.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
                isOpen = false
            } else if isOpen {
                cues[cues.count - 1].lines.append(Self.plain(line))
            }
        }
        cues = cues.map { cue in
            var cue = cue
            cue.lines = cue.lines.filter { !$0.isEmpty }
            return cue
        }.filter { !$0.lines.isEmpty }
    }

    /// `00:01:02,345 --> 00:01:04,000 align:start`.
    static func times(_ line: Substring) -> (start: Int, end: Int)? {
        guard line.utf8.count < 400, let arrow = line.firstRange(of: "-->") else { return nil }
        let end = line[arrow.upperBound...].split(separator: " ").first.flatMap { time($0) }
        guard let start = time(line[..<arrow.lowerBound].drop { $0 == " " }), let end else { return nil }
        return (start, end)
    }

    private static func time(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":").map { $0.split { $0 == " " || $0 == "\t" }.first ?? "" }
        guard (2...3).contains(parts.count), let seconds = parts.last?.replacing(",", with: ".").split(separator: ".") else { return nil }
        var total = 0
        for part in parts.dropLast() + seconds.prefix(1) {
            guard part.utf8.count <= 5, let number = Int(part), number >= 0 else { return nil }
            total = total * 60 + number
        }
        let fraction = seconds.count > 1 ? Int(seconds[1].prefix(3).padded) ?? 0 : 0
        return total * 1000 + max(fraction, 0)
    }

    /// Without what tells colours and places; who speaks stands before it.
    private static func plain(_ line: Substring) -> String {
        var (result, rest) = ("", line)
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == "{" }) {
            let isBrace = rest[open] == "{"
            result += rest[..<open]
            let inner = rest[rest.index(after: open)...]
            guard let close = inner.prefix(200).firstIndex(of: isBrace ? "}" : ">"), !isBrace || inner.first == "\\",
                isBrace || inner.first.map({ $0.isLetter || $0 == "/" || $0.isNumber }) == true
            else {
                result.append(rest[open])
                rest = inner
                continue
            }
            let mark = inner[..<close]
            if !isBrace, mark.hasPrefix("v ") || mark.hasPrefix("v."), let name = mark.split(separator: " ", maxSplits: 1).dropFirst().first
            {
                result += name + ": "
            }
            rest = inner[inner.index(after: close)...]
        }
        return TextCleaner.line(result + rest)
    }
}

extension Substring {
    /// Three digits of a second.
    fileprivate var padded: String { self + String(repeating: "0", count: Swift.max(0, 3 - count)) }
}
