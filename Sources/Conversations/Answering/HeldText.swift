/// A model's text that is held back until one of its sentences is found in the documents: nothing is shown of an answer that has none.
struct HeldText: Sendable {
    /// Verdicts of which one lets the text through.
    private let needs: Set<SupportVerdict>
    private var pieces: [AnswerChecker.Piece] = []
    /// Whether the text goes through.
    private(set) var isOpen = false

    init(needs: Set<SupportVerdict>) { self.needs = needs }

    /// Takes more; gives what may be shown now.
    mutating func add(_ more: [AnswerChecker.Piece]) -> [AnswerChecker.Piece] {
        pieces += more
        let isFound = more.contains { if case .sentence(let check) = $0 { needs.contains(check.verdict) } else { false } }
        return isOpen || isFound ? release() : []
    }

    /// Lets everything through.
    mutating func release() -> [AnswerChecker.Piece] {
        defer { pieces = [] }
        isOpen = true
        return pieces
    }

    /// What is held back.
    var text: String {
        pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }

    /// Whether all that is held back is that the documents do not tell, which nothing need support.
    var isAdmission: Bool {
        !pieces.contains { if case .sentence = $0 { true } else { false } } && AnswerChecker.admitsIgnorance(text)
    }
}
