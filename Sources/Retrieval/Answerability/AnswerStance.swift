/// How a question is met.
public enum AnswerStance: String, Sendable, CaseIterable, Codable {
    case answered
    /// With a warning that the documents may not hold the answer.
    case doubted
    case refused
}
