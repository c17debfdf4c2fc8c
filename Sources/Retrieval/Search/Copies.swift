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
        var seen: [String: Int] = [:]
        var kept: [(words: Words, alike: Int)] = []
        var late: [Int] = []
        for (place, passage) in passages.enumerated() {
            let text = Self.text(of: passage)
            let key = String(text.unicodeScalars.filter { !$0.properties.isWhitespace })
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

    /// With the headings above it, which say what it is about.
    private static func text(of passage: LiveChunk) -> String {
        (passage.chunk.headingPath + [passage.chunk.tableHeader ?? "", passage.chunk.text]).joined(separator: "\n")
    }

    private struct Words {
        private let all: Set<String>
        private let numbers: Set<String>

        init(_ text: String) {
            all = Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { String($0) })
            numbers = all.filter { $0.contains(where: \.isNumber) }
        }

        func areLike(_ other: Words) -> Bool {
            let (small, large) = all.count < other.all.count ? (all, other.all) : (other.all, all)
            guard numbers == other.numbers, small.count >= shortest, Double(small.count) >= likeness * Double(large.count) else {
                return false
            }
            let shared = small.reduce(0) { $0 + (large.contains($1) ? 1 : 0) }
            return Double(shared) >= likeness * Double(small.count + large.count - shared)
        }
    }
}
