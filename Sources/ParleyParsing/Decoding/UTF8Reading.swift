/// Bytes read as UTF-8, each wrong sequence as one U+FFFD.
struct UTF8Reading {
    let text: String
    /// Wrong sequences.
    let losses: Int
    /// Right sequences of several bytes.
    private let characters: Int

    init(_ bytes: some Collection<UInt8>) {
        text = String(decoding: bytes, as: UTF8.self)
        var (marks, characters) = (0, 0)
        for scalar in text.unicodeScalars where !scalar.isASCII {
            if scalar == "\u{FFFD}" { marks += 1 } else { characters += 1 }
        }
        losses = marks == 0 ? 0 : max(0, marks - Self.writtenMarks(bytes))
        self.characters = characters
    }

    /// Whether the bytes are UTF-8, damaged perhaps: another encoding's bytes form a right sequence rarely, and wrong ones all the time.
    var isCredible: Bool { losses == 0 || losses <= characters }
    /// Whether they are so against what the file says of itself.
    var isEvident: Bool { losses == 0 || losses * 4 <= characters }

    /// U+FFFD that stand in the bytes already.
    private static func writtenMarks(_ bytes: some Collection<UInt8>) -> Int {
        var (count, state) = (0, 0)
        for byte in bytes {
            switch (state, byte) {
            case (_, 0xEF): state = 1
            case (1, 0xBF): state = 2
            case (2, 0xBD): (count, state) = (count + 1, 0)
            default: state = 0
            }
        }
        return count
    }
}
