import Library

/// Keeps copies from filling a search: of passages that differ in blanks alone each stands once, and of those that say nearly the same two go before
/// the others.
struct Copies {
    /// Passages that are compared; those behind them are ranked too low to matter.
    private static let compared = 200
    /// How many that are nearly the same keep their rank.
    private static let near = 2
    /// Words that two texts must share, of all that either has, to be nearly the same; what differs must not be numbers.
    private static let likeness = 0.85
    /// Shorter texts differ by a word that may be the answer.
    private static let shortest = 30

    /// Places in the order in which they are to stand.
    private(set) var order: [Int] = []
    /// Places that stand for the same text, by the one that is shown.
    private(set) var originals: [Int: Int] = [:]

    /// - Parameter passages: best first.
    init(_ passages: [LiveChunk]) {
        var seen: [[UInt8]: Int] = [:]
        var kept: [(words: Words, alike: Int)] = []
        var late: [Int] = []
        for (place, passage) in passages.enumerated() {
            let text = Self.text(of: passage)
            let key = text.filter { $0 != 0x20 && !(0x09...0x0D).contains($0) }
            if let original = seen[key] {
                originals[place] = original
                continue
            }
            seen[key] = place
            let words = Words(text)
            if let like = kept.firstIndex(where: { $0.words.areLike(words) }) {
                kept[like].alike += 1
                if kept[like].alike >= Self.near {
                    late.append(place)
                    continue
                }
            } else if place < Self.compared {
                kept.append((words, 0))
            }
            order.append(place)
        }
        order += late
    }

    /// The UTF-8 of a passage with the headings above it, which say what it is about.
    private static func text(of passage: LiveChunk) -> [UInt8] {
        let parts = passage.chunk.headingPath + [passage.chunk.tableHeader ?? "", passage.chunk.text]
        return Array(parts.joined(separator: "\n").utf8)
    }

    /// The words of a text by their hashes, each once and in order, and those of them that hold digits.
    private struct Words {
        private var all: [UInt64] = []
        private var numbers: [UInt64] = []

        init(_ text: [UInt8]) {
            // FNV-1a of each run of letters and digits; capitals of ASCII count as small letters.
            let empty: UInt64 = 0xCBF2_9CE4_8422_2325
            var (hash, hasDigit, isOpen) = (empty, false, false)
            for byte in text + [0x20] {
                let isDigit = (0x30...0x39).contains(byte)
                let isLetter = (0x61...0x7A).contains(byte | 0x20)
                if isDigit || isLetter || byte >= 0x80 {
                    hash = (hash ^ UInt64(isLetter ? byte | 0x20 : byte)) &* 0x100_0000_01B3  // fits: a byte
                    (hasDigit, isOpen) = (hasDigit || isDigit, true)
                } else if isOpen {
                    all.append(hash)
                    if hasDigit { numbers.append(hash) }
                    (hash, hasDigit, isOpen) = (empty, false, false)
                }
            }
            (all, numbers) = (Self.ordered(all), Self.ordered(numbers))
        }

        private static func ordered(_ hashes: [UInt64]) -> [UInt64] {
            var unique: [UInt64] = []
            for hash in hashes.sorted() where hash != unique.last { unique.append(hash) }
            return unique
        }

        func areLike(_ other: Words) -> Bool {
            let (small, large) = (min(all.count, other.all.count), max(all.count, other.all.count))
            guard numbers == other.numbers, small >= shortest, Double(small) >= likeness * Double(large) else { return false }
            var (first, second, shared) = (all[...], other.all[...], 0)
            while let a = first.first, let b = second.first {
                if a == b { shared += 1 }
                if a <= b { first = first.dropFirst() }
                if b <= a { second = second.dropFirst() }
            }
            return Double(shared) >= likeness * Double(small + large - shared)
        }
    }
}
