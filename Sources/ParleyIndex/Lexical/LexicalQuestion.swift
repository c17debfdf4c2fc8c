/// A question as the lexical side reads it: words to rank by, and conditions that a chunk must meet.
struct LexicalQuestion {
    /// Words that must stand one after another; a single word is a phrase of one.
    struct Phrase {
        let words: [Token]
        /// Whether the words must be the very same (quoted) or may differ in their endings.
        let isExact: Bool
    }

    /// Everything that ranks.
    private(set) var ranking: [Token] = []
    private(set) var required: [Phrase] = []
    private(set) var excluded: [Phrase] = []

    var hasConditions: Bool { !required.isEmpty || !excluded.isEmpty }

    /// A question of more words than this is prose: quotes and signs in it are text.
    private static let longest = 16

    init(_ text: String) {
        let words = TextAnalyzer.tokens(text).reduce(0) { $0 + ($1.isCounted ? 1 : 0) }
        for clause in words > Self.longest ? [ClauseReader.Clause(text: text)] : ClauseReader.clauses(text) {
            let tokens = TextAnalyzer.tokens(clause.text)
            let phrase = Phrase(words: tokens.filter(\.isCounted), isExact: clause.isQuoted)
            if clause.sign != .minus { ranking += Self.withoutCoveredCharacters(tokens) }
            guard !phrase.words.isEmpty else { continue }
            switch clause.sign {
            case .minus: excluded.append(phrase)
            case .plus: required.append(phrase)
            case .none: if clause.isQuoted { required.append(phrase) }
            }
        }
        let telling = ranking.filter { $0.kind != .word || !QuestionWords.all.contains($0.text) }
        if !telling.isEmpty { ranking = telling }
    }

    /// Characters that stand in a pair rank through it.
    private static func withoutCoveredCharacters(_ tokens: [Token]) -> [Token] {
        var covered: Set<Int> = []
        for token in tokens where token.kind == .pair { covered.formUnion([token.position, token.position + 1]) }
        return covered.isEmpty ? tokens : tokens.filter { $0.kind != .character || !covered.contains($0.position) }
    }
}

/// The question's signs, for those who stand outside the index.
public enum QuestionLanguage {
    /// Whether the question bars chunks: by a quotation, a `+word` or a `-word`.
    public static func hasConditions(_ question: String) -> Bool { LexicalQuestion(question).hasConditions }

    /// The question without its signs: all of its words, none of its conditions.
    public static func plain(_ question: String) -> String { ClauseReader.clauses(question).map(\.text).joined(separator: " ") }

    /// What the question is after, as plain text: without signs, and without what must not occur.
    public static func wanted(_ question: String) -> String {
        guard hasConditions(question) else { return question }
        let wanted = ClauseReader.clauses(question).filter { $0.sign != .minus }.map(\.text).joined(separator: " ")
        return wanted.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// Cuts a question at its quotes and signs.
enum ClauseReader {
    enum Sign { case none, plus, minus }

    struct Clause: Equatable {
        var text: String
        var sign: Sign = .none
        var isQuoted = false
    }

    private static let closings: [Character: Character] = ["\"": "\"", "“": "”", "„": "“", "«": "»"]

    /// Where each closing mark stands last, so that none is looked for in vain.
    private typealias Closers = [Character: String.Index]

    static func clauses(_ text: String) -> [Clause] {
        var clauses: [Clause] = []
        var plain = ""
        var rest = text[...]
        let isProse = isSentence(text)
        let closers = Closers(Set(closings.values).compactMap { mark in text.lastIndex(of: mark).map { (mark, $0) } }) { first, _ in first }
        while let first = rest.first {
            let atStart = plain.last?.isWhitespace ?? true
            if atStart, let (clause, after) = signed(rest, closers, isProse: isProse) ?? quoted(rest, closers) {
                clauses.append(Clause(text: plain))
                clauses.append(clause)
                (plain, rest) = ("", after)
            } else {
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        return (clauses + [Clause(text: plain)]).filter { !$0.text.isEmpty }
    }

    /// A quotation that opens here and is closed.
    private static func quoted(_ rest: Substring, _ closers: Closers) -> (Clause, Substring)? {
        guard let opening = rest.first, let closing = closings[opening], let last = closers[closing], last > rest.startIndex,
            let end = rest.dropFirst().firstIndex(of: closing)
        else { return nil }
        return (Clause(text: String(rest[rest.index(after: rest.startIndex)..<end]), isQuoted: true), rest[rest.index(after: end)...])
    }

    /// `+` or `-` right before a quotation or a word. Before a digit it belongs to the number, and before what is no ordinary word it is part
    /// of it: `-v`, `-O2`, `-xvf`, `+x`.
    private static func signed(_ rest: Substring, _ closers: Closers, isProse: Bool) -> (Clause, Substring)? {
        guard let first = rest.first, first == "+" || first == "-" else { return nil }
        let sign: Sign = first == "+" ? .plus : .minus
        let body = rest.dropFirst()
        if let (clause, after) = quoted(body, closers) { return (Clause(text: clause.text, sign: sign, isQuoted: true), after) }
        let end = body.firstIndex(where: \.isWhitespace) ?? body.endIndex
        guard isWord(body[..<end]), sign == .plus || !isProse && closesQuestion(body[end...]) else { return nil }
        return (Clause(text: String(body[..<end]), sign: sign), body[end...])
    }

    /// Whether these letters are a word that somebody asks for, and no option of a program.
    private static func isWord(_ text: Substring) -> Bool {
        guard text.utf8.count <= longestWord, text.allSatisfy({ $0.isLetter || $0 == "-" || $0 == "'" }), text.first?.isLetter == true
        else {
            return false
        }
        guard text.allSatisfy(\.isASCII) else { return true }
        let rest = text.dropFirst()
        return text.count >= (text.first?.isUppercase == true ? 5 : 3) && !rest.contains(where: \.isUppercase)
            && text.lowercased().contains { "aeiouy".contains($0) }
    }

    private static let longestWord = 100

    /// Whether nothing follows but more signs: the words of a command go on behind its options.
    private static func closesQuestion(_ rest: Substring) -> Bool {
        rest.prefix(Self.longestRest).split(whereSeparator: \.isWhitespace).allSatisfy { $0.hasPrefix("-") || $0.hasPrefix("+") }
    }

    private static let longestRest = 400

    /// Whether the question is a sentence, in which nobody writes signs for a search.
    private static func isSentence(_ text: String) -> Bool {
        if text.last(where: { !$0.isWhitespace }).map({ "?？؟".contains($0) }) == true { return true }
        let first = text.prefix(60).split { !$0.isLetter }.first?.lowercased() ?? ""
        return sentenceOpeners.contains(first)
    }

    private static let sentenceOpeners: Set<String> = [
        "what", "which", "who", "whose", "when", "where", "why", "how", "is", "are", "was", "were", "do", "does", "did", "can", "could",
        "should", "would", "will", "explain", "describe", "tell", "show",
    ]
}
