import ParleyIndex

/// Which words stand next to those that order or date what they stand with: the words of "the last digits of the first line" also make
/// "the first digits of the last line", and those of two dates two others.
struct WordOrder: Sendable, Hashable {
    private struct Pair: Sendable, Hashable {
        let marker: String
        let word: String
    }

    /// How far from a marker.
    private static let reach = 2

    private var markers: Set<String> = []
    private var words: Set<String> = []
    /// For each marker what stands behind it.
    private var behind: Set<[Pair]> = []
    private var around: Set<Pair> = []

    init(_ text: String) {
        // Each word's stem, none for words that carry grammar alone.
        let all = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let stems = all.map { TellingWords.of($0).first }
        words = Set(stems.compactMap { $0 })
        for (place, marker) in all.enumerated() where Self.marking.contains(marker) {
            markers.insert(marker)
            func pairs(_ places: Range<Int>) -> [Pair] {
                places.clamped(to: all.indices).compactMap { other in
                    Self.marking.contains(all[other]) ? nil : stems[other].map { Pair(marker: marker, word: $0) }
                }
            }
            let next = pairs(place + 1..<place + 1 + Self.reach)
            behind.insert(next)
            around.formUnion(next + pairs(place - Self.reach..<place))
        }
    }

    /// Whether this says of a word `first` what the evidence, which has both words, says of another.
    func contradicts(_ evidence: WordOrder) -> Bool {
        behind.contains { pairs in
            pairs.contains { evidence.markers.contains($0.marker) && evidence.words.contains($0.word) }
                && evidence.around.isDisjoint(with: pairs)
        }
    }

    private static let marking: Set<String> = [
        "first", "second", "third", "fourth", "fifth", "last", "next", "previous", "left", "right", "upper", "lower", "minimum", "maximum",
        "least", "most", "earliest", "latest", "oldest", "youngest", "north", "south", "east", "west", "before", "after",
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
}
