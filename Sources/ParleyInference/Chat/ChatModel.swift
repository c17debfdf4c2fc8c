/// A model that continues a conversation, near or far.
public protocol ChatModel: Sendable {
    var descriptor: ChatModelDescriptor { get }

    /// Measures prompts for this model, so that they can be packed to its window.
    var tokenCounter: any AnswerTokenCounter { get }

    /// The answer as it is written: text and thinking in pieces, then exactly one `.finished`, after which the stream ends.
    /// Dropping the stream or cancelling the task that reads it stops the model.
    /// The stream throws `CancellationError`, or `ParleyError` with one of the codes that begin with `model.`.
    func stream(_ request: ChatRequest) -> AsyncThrowingStream<ChatChunk, any Error>

    /// Returns when the model could answer now.
    /// - Throws: what stands in the way, as `stream` would.
    func checkHealth() async throws
}

public struct ChatModelDescriptor: Hashable, Sendable {
    public var name: String
    /// Tokens of prompt and answer together.
    public var contextWindow: Int

    public init(name: String, contextWindow: Int) { (self.name, self.contextWindow) = (name, contextWindow) }
}

public enum ChatRole: String, Hashable, Sendable {
    case system, user, assistant
}

public struct ChatMessage: Hashable, Sendable {
    public var role: ChatRole
    public var content: String

    public init(_ role: ChatRole, _ content: String) { (self.role, self.content) = (role, content) }
}

/// What the model is asked to continue, and how.
public struct ChatRequest: Hashable, Sendable {
    public var messages: [ChatMessage]
    public var sampling: Sampling
    /// Texts at which the answer ends; they are not part of it.
    public var stop: [String]
    /// The answer's longest length in tokens; nil leaves it to the model and its window.
    public var maxTokens: Int?
    /// Whether a model that thinks gets room for it beside the answer's.
    public var allowsThinking: Bool

    public init(
        _ messages: [ChatMessage], sampling: Sampling = Sampling(), stop: [String] = [], maxTokens: Int? = nil, allowsThinking: Bool = true
    ) {
        (self.messages, self.sampling, self.stop, self.maxTokens) = (messages, sampling, stop, maxTokens)
        self.allowsThinking = allowsThinking
    }
}

public enum ChatChunk: Hashable, Sendable {
    /// The next piece of the answer: whole characters, never empty.
    case text(String)
    /// What the model thinks before it answers, and what it wrote that is no answer, such as a call of a tool.
    case reasoning(String)
    /// All text so far turned out to be thinking: it is void, and comes again as that.
    case withdrawn
    case finished(ChatFinish, usage: ChatUsage?)
}

/// Why an answer ended.
public enum ChatFinish: String, Hashable, Sendable, Codable {
    /// The model was done, or wrote a stop text.
    case stop
    /// It reached `maxTokens` or the end of the window.
    case length
    /// The provider withheld the rest.
    case filtered = "content_filter"
    /// It asked for a tool, and wrote nothing else.
    case toolCalls = "tool_calls"
}

/// What an answer cost, in tokens of the model.
public struct ChatUsage: Hashable, Sendable {
    public var promptTokens: Int
    public var completionTokens: Int

    public init(promptTokens: Int, completionTokens: Int) {
        (self.promptTokens, self.completionTokens) = (promptTokens, completionTokens)
    }

    static func + (a: Self, b: Self) -> Self {
        Self(promptTokens: a.promptTokens + b.promptTokens, completionTokens: a.completionTokens + b.completionTokens)
    }
}
