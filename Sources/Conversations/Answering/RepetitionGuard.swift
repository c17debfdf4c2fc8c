import ParleyCore

/// Notices when a model goes round in circles: it says the same sentences, the same words or the same letter on end. Rows of tables, lines of
/// code and items of lists may well be alike, and a sentence may come again elsewhere.
struct RepetitionGuard: Sendable {
    /// Sentences that may come back together.
    private static let longestGroup = 12
    /// How often on end a group may come: whole sentences, short ones, and what is like itself by its form.
    private static let rounds = (long: 3, short: 4, form: 24)
    private static let longestTail = rounds.form * longestGroup
    private static let longSentence = 60
    private static let shortSentence = 20
    /// Words that may come back at once in a sentence, and how often at most.
    private static let longestLoop = 6
    private static let window = 64
    private static let mostLetters = 100
    private static let mostSpaces = 1000
    private static let rules = "-=_*#.~|+•·–—"

    private struct Line: Hashable, Sendable {
        let text: String
        let isForm: Bool
    }

    /// Small models hardly ever mean to say a sentence twice, or a word four times.
    private let isStrict: Bool
    private var code = CodeScanner()
    private var sentence = ""
    private var isCode = false
    /// The latest sentences, as many as a loop takes.
    private var latest: [Line] = []
    private var said: Set<String> = []
    private var words: [Substring] = []
    private var last: Character?
    private var run = 0

    init(isStrict: Bool = false) { self.isStrict = isStrict }

    /// Whether this text ends in a loop.
    mutating func repeats(_ text: String) -> Bool {
        text.contains { takes($0) }
    }

    /// Whether the text says the same words four times on end.
    static func isLoop(_ text: String) -> Bool {
        guard !isForm(text) else { return false }
        let words = telling(text)
        return words.indices.contains { endsInLoop(words[...$0].suffix(24), rounds: 4) }
    }

    private mutating func takes(_ character: Character) -> Bool {
        run = character == last || character.isWhitespace && last?.isWhitespace == true ? run + 1 : 1
        last = character
        if run > (character.isWhitespace ? Self.mostSpaces : Self.mostLetters), !Self.rules.contains(character) { return true }
        if code.take(character) { isCode = true }
        let isEnd =
            character.isNewline || character.isWhitespace && sentence.last.map { ".!?…".contains($0) } == true || "。！？".contains(character)
        sentence.append(character)
        if isEnd { return ends() }
        return character.isWhitespace && !isCode && loops()
    }

    private mutating func ends() -> Bool {
        defer { (sentence, isCode, words) = ("", false, []) }
        let text = sentence.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { return false }
        let line = Line(text: text, isForm: isCode || Self.isForm(sentence))
        if isStrict, !line.isForm, text.count >= Self.shortSentence, !said.insert(text).inserted { return true }
        latest = latest.suffix(Self.longestTail) + [line]
        return !isCode && loops() || (1...Self.longestGroup).contains { comesBack($0) }
    }

    /// Whether the last so many sentences have come too often on end.
    private func comesBack(_ length: Int) -> Bool {
        let group = latest.suffix(length)  // fits: from 1 on
        guard group.count == length else { return false }
        let size = group.reduce(0) { $0 + $1.text.count }
        let isForm = group.allSatisfy(\.isForm) || size < Self.shortSentence
        let most = isForm ? Self.rounds.form : size < Self.longSentence ? Self.rounds.short : Self.rounds.long
        let same = zip(latest.reversed(), latest.reversed().dropFirst(length)).prefix { $0 == $1 }.count  // fits: from 1 on
        return same >= (most - 1) * length
    }

    /// Whether the sentence so far ends in words that go round.
    private mutating func loops() -> Bool {
        guard run == 1, let word = Self.telling(sentence.suffix(Self.longSentence)).last else { return false }
        words = words.suffix(Self.window) + [word]
        return Self.endsInLoop(words, rounds: isStrict ? 4 : 8) && !Self.isForm(sentence)
    }

    private static func endsInLoop(_ words: some BidirectionalCollection<Substring>, rounds: Int) -> Bool {
        (1...longestLoop).contains { length in
            // The words against themselves, so many places further on.
            let same = zip(words.reversed(), words.reversed().dropFirst(length)).prefix { $0 == $1 }.count  // fits: from 1 on
            return same >= (rounds - 1) * length
        }
    }

    /// Words with letters: numbers and marks may well come again and again.
    private static func telling(_ text: some StringProtocol) -> [Substring] {
        text.lowercased().split(whereSeparator: \.isWhitespace).filter { $0.contains(where: \.isLetter) }
    }

    /// A row of a table, an item of a list, or a heading.
    private static func isForm(_ line: String) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        guard let first = text.first else { return true }
        let isNumbered = first.isNumber && text.drop(while: \.isNumber).first.map { ".):".contains($0) } == true
        return "|-*+•#>".contains(first) || isNumbered || text.contains("|") || text.contains("\t")
    }
}
