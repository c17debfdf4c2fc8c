/// Finds pictures and other files that stand in a text as base64: nobody reads or asks for them, and they fill an index.
enum EmbeddedFiles {
    /// Letters behind `;base64,` that are a file, and letters that are one without it.
    private static let (shortest, shortestBare) = (100, 1000)

    /// The text with `…` for each file, and how many there were; nil when there are none.
    static func cut(from text: String) -> (text: String, count: Int)? {
        guard text.utf8.count >= shortest else { return nil }
        var result: [UInt8] = []
        var (count, kept) = (0, 0)
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            guard isLetter(bytes[start]) else {
                start += 1
                continue
            }
            var run = Run()
            while start + run.count < bytes.count, isLetter(bytes[start + run.count]) { run.take(bytes[start + run.count]) }
            if run.count >= shortest, run.count >= shortestBare && run.isMixed || bytes[..<start].hasSuffix(mark) {
                result += bytes[kept..<start] + ellipsis
                (count, kept) = (count + 1, start + run.count)
            }
            start += run.count
        }
        return count == 0 ? nil : (String(decoding: result + bytes[kept...], as: UTF8.self), count)
    }

    private static let mark = Array(";base64,".utf8)
    private static let ellipsis = Array("…".utf8)

    /// A run of the alphabet's letters.
    private struct Run {
        var count = 0
        private var (small, large, digits) = (0, 0, 0)

        mutating func take(_ byte: UInt8) {
            count += 1
            switch byte {
            case 0x61...0x7A: small += 1
            case 0x41...0x5A: large += 1
            case 0x30...0x39: digits += 1
            default: break
            }
        }

        /// Bytes without a pattern give each kind its share.
        var isMixed: Bool { small * 8 > count && large * 8 > count && digits * 40 > count }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2B, 0x2D, 0x2F, 0x3D, 0x5F: true
        default: false
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ other: [UInt8]) -> Bool { count >= other.count && suffix(other.count).elementsEqual(other) }
}
