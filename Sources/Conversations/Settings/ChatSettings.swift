public import Retrieval

/// What a project's owner has settled about its answers; nil leaves a matter to the installation.
public struct ChatSettings: Sendable, Hashable, Codable {
    /// One of the installation's models.
    public var model: String?
    /// How answers are made: `quoted` asks no language model, even where there is one.
    public var way: AnswerWay?
    public var temperature: Double?
    /// How answers should be given: tone, language, what to keep to.
    public var instructions: String?
    /// The longest answer in tokens.
    public var answerTokens: Int?
    /// The longest prompt in tokens.
    public var promptTokens: Int?
    /// Passages retrieved for a question.
    public var passages: Int?
    /// Which lists answers are drawn from; both, fused, when nil.
    public var searchMode: SearchMode?
    /// Tokens, read and written, that the project's answers may use in one day (UTC); questions beyond it are refused.
    public var dailyTokens: Int?
    /// Whether answers over foreign protocols mark in their text what the documents do not support; nil means that they do.
    public var markUnsupported: Bool?

    public init() {}
}
