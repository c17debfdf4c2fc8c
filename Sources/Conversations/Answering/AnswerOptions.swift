/// What a question may ask of its answer, beside what it asks.
public struct AnswerOptions: Codable, Sendable, Hashable {
    /// One of the installation's models; the project's when nil.
    public var model: String?
    /// How the answer is to be made; as the project has it when nil.
    public var way: AnswerWay?
    public var temperature: Double?
    public var topP: Double?
    public var seed: UInt64?
    /// The longest answer in tokens, within what the project and the installation allow.
    public var maxTokens: Int?
    public var stop: [String]?
    /// How the answer should be given; it stands behind the project's own instructions.
    public var instructions: String?

    /// In place of the project's own settings, for trials.
    public var settings: ChatSettings?

    public init() {}
}
