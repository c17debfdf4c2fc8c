/// Messages one after the other in a file (mbox, RFC 4155), each below a line that begins with `From `.
enum Mailbox {
    private static let mark = Array("From ".utf8)
    /// Messages that are told apart; the last has all that follows.
    private static let most = 50_000

    /// The messages, without the lines above them and with those that looked like one as they were.
    static func messages(_ bytes: [UInt8]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var rest = bytes[...]
        var afterBlank = true
        while !rest.isEmpty {
            let (line, after) = rest.line
            if afterBlank, line.starts(with: mark), messages.count < most, beginsHeader(after) {
                messages.append([])
            } else if !messages.isEmpty {
                let marks = line.prefix { $0 == UInt8(ascii: ">") }.count
                let isQuoted = marks > 0 && line.dropFirst(marks).starts(with: mark)
                messages[messages.count - 1] += rest[(rest.startIndex + (isQuoted ? 1 : 0))..<after.startIndex]
            }
            afterBlank = line.isEmpty
            rest = after
        }
        return messages.isEmpty ? [bytes] : messages
    }

    /// Whether a field of a header follows, so that a sentence that begins so is none.
    private static func beginsHeader(_ rest: ArraySlice<UInt8>) -> Bool {
        let line = rest.line.line
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return false }
        return line[..<colon].allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
