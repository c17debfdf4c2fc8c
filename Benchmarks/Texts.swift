import Foundation

/// Texts to put in and questions to ask: abstracts of a BEIR corpus where there is one, else made up of words with the
/// frequencies of English, about 200 tokens each. No two are alike.
struct Texts {
    private var corpus: ArraySlice<String>
    private var generator = SplitMix(state: 20)

    init(corpus path: String) {
        let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
        struct Entry: Decodable { let title, text: String }
        corpus =
            lines.compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }.map { Self.cut($0.title + ". " + $0.text) }[...]
    }

    /// As much as fits one chunk.
    private static func cut(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).prefix(125).joined(separator: " ") }

    mutating func next(_ count: Int) -> [String] {
        (0..<count).map { _ in corpus.popFirst() ?? madeUp(words: 150) }
    }

    /// Texts of about 60 tokens.
    mutating func short(_ count: Int) -> [String] { (0..<count).map { _ in madeUp(words: 45) } }

    mutating func questions(_ count: Int) -> [String] {
        (0..<count).map { _ in "What is known of \(madeUp(words: 10).lowercased())" }
    }

    mutating func madeUp(words count: Int) -> String {
        var text = ""
        for place in 0..<count {
            let word = word()
            text += place % 15 == 0 ? word.capitalized : word
            text += place % 15 == 14 || place == count - 1 ? ". " : " "
        }
        return text
    }

    /// A common word, or now and then a rare one of syllables.
    private mutating func word() -> String {
        if generator.next() % 4 != 0 { return Self.common[Int(generator.next() % UInt64(Self.common.count))] }
        return (0..<2 + generator.next() % 2).map { _ in Self.syllables[Int(generator.next() % UInt64(Self.syllables.count))] }.joined()
    }

    private static let common =
        """
        the of and in to a is was for with by as on that are from were at cells which this be an patients expression study protein \
        results human between response after increased treatment significantly analysis these risk levels activity associated \
        disease not or role clinical growth factor type blood gene group infection data high effect during mice women
        """.split(separator: " ").map(String.init)
    private static let syllables = "ta ne mi ro lu cor ven pla sti gra phe dol ir um an ex tro ple ca bi os del fen mar qui".split(
        separator: " "
    ).map(String.init)
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014: the same texts in each run.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
