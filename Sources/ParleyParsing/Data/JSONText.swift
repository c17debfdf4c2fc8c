/// A JSON text on lines, as people read it: one member each, short lists on one line, letters instead of their numbers.
struct JSONText {
    /// The members of the outermost list or object, those that are short together.
    private(set) var parts: [String] = []

    private struct Frame {
        let isObject: Bool
        /// Its first line.
        let start: Int
        /// Whether it holds no list and no object.
        var isFlat = true
        var isEmpty = true
    }

    private static let (shortList, shortPart, deepestIndent) = (100, 600, 30)

    private var lines: [String] = []
    private var frames: [Frame] = []
    private var name = ""
    private var partSize = 0

    /// - Throws: `JSONTokens.Malformed`.
    init(_ bytes: [UInt8]) throws {
        var tokens = JSONTokens(bytes)
        while let token = try tokens.next() {
            switch token {
            case .name(let text): name = "\"\(text)\": "
            case .value(let text, let isText): add(isText ? "\"\(text)\"" : text)
            case .open(let isObject):
                add(isObject ? "{" : "[")
                if !frames.isEmpty { frames[frames.count - 1].isFlat = false }
                frames.append(Frame(isObject: isObject, start: lines.count - 1))
            case .close(let isObject): close(isObject)
            }
        }
        endPart()
    }

    private var indent: String { String(repeating: "  ", count: min(frames.count, Self.deepestIndent)) }

    private mutating func add(_ text: String) {
        if let frame = frames.last {
            if !frame.isEmpty, !lines.isEmpty { lines[lines.count - 1] += "," }
            frames[frames.count - 1].isEmpty = false
            if frames.count == 1, partSize >= Self.shortPart { endPart() }
        }
        let line = indent + name + text
        partSize += line.utf8.count
        lines.append(line)
        name = ""
    }

    private mutating func close(_ isObject: Bool) {
        guard let frame = frames.popLast() else { return }
        let end = isObject ? "}" : "]"
        if frame.isEmpty, !lines.isEmpty {
            lines[lines.count - 1] += end
        } else if !isObject, frame.isFlat, frame.start < lines.count, !frames.isEmpty,
            lines[frame.start...].reduce(0, { $0 + $1.utf8.count }) <= Self.shortList,
            !lines[frame.start...].contains(where: { $0.contains("\n") })
        {
            let members = lines[(frame.start + 1)...].map { TextCleaner.line($0) }
            lines[frame.start...] = [lines[frame.start] + members.joined(separator: " ") + end]
        } else {
            lines.append(indent + end)
        }
    }

    private mutating func endPart() {
        if !lines.isEmpty { parts.append(lines.joined(separator: "\n")) }
        (lines, partSize) = ([], 0)
    }
}
