import ParleyInference

/// A model's text on its way into an answer: each sentence is checked as it ends, nothing is shown before one is found in the documents, and
/// what turns out to be thinking is taken back.
struct WrittenText: Sendable {
    private let fresh: (checker: AnswerChecker, held: HeldText)
    private var checker: AnswerChecker
    private var held: HeldText
    private var repetition: RepetitionGuard
    private let isStrict: Bool
    /// Whether it ended in a loop.
    private(set) var isLoop = false

    init(_ checker: AnswerChecker, _ style: PromptStyle) {
        isStrict = style == .extract
        fresh = (checker, HeldText(needs: isStrict ? [.supported] : [.supported, .partly]))
        (self.checker, held) = fresh
        repetition = RepetitionGuard(isStrict: isStrict)
    }

    /// Citations of the model's that could not be found.
    var dropped: Int { checker.dropped }
    /// Whether there is something to show.
    var isOpen: Bool { held.isOpen }
    /// What is held back.
    var text: String { held.text }

    /// What an answer begins with that is gone on with.
    mutating func begin(_ text: String) async -> [AnswerChecker.Piece] { held.add(await checker.add(text)) }

    mutating func add(_ text: String) async -> [AnswerChecker.Piece] {
        isLoop = repetition.repeats(text)
        return held.add(await checker.add(text))
    }

    /// Forgets what came.
    mutating func withdraw() {
        (checker, held) = fresh
        repetition = RepetitionGuard(isStrict: isStrict)
    }

    /// All that there is of an answer that breaks off.
    mutating func release() async -> [AnswerChecker.Piece] { held.add(await checker.release()) + held.release() }

    mutating func finish() async -> [AnswerChecker.Piece] {
        let last = held.add(await checker.finish())
        return held.isAdmission ? last + held.release() : last
    }
}
