import ParleyInference
public import Retrieval

extension ConversationService {
    /// What answers depend on as things stand, beside what searches do.
    /// - Parameter settings: whose models count; nil for all that the installation has.
    public func makers(_ settings: ChatSettings?) -> [AnswerMaker] {
        let entries = settings.map { $0.way == .quoted ? [] : models.chain($0.model) } ?? models.entries
        let made = limits.configuration
        let limits =
            "\(made.passages) passages, \(made.promptTokens) and \(made.answerTokens) tokens, "
            + "penalty \(made.repetitionPenalty), \(made.abstains ? "abstains" : "never abstains")"
        let quoting = AnswerMaker("quoting", reader.map(ReaderFinder.identity) ?? LikenessFinder.identity)
        return entries.map { AnswerMaker(Self.languageModel + $0.name, $0.identity) } + [quoting, AnswerMaker("answer_limits", limits)]
    }

    private static let languageModel = "language_model "
}
