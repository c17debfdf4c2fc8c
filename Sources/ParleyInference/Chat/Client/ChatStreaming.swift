public import ParleyCore

/// What every client of a chat service does alike.
enum ChatStreaming {
    /// A stream that `write` fills. It outlives the call that makes it and ends with its reader; errors become those of a chat model.
    static func stream(
        _ write: @escaping @Sendable (AsyncThrowingStream<ChatChunk, any Error>.Continuation) async throws -> Void
    ) -> AsyncThrowingStream<ChatChunk, any Error> {
        let (stream, output) = AsyncThrowingStream.makeStream(of: ChatChunk.self)
        let task = Task {
            do {
                try await write(output)
                output.finish()
            } catch {
                output.finish(throwing: ModelErrors.map(error))
            }
        }
        output.onTermination = { _ in task.cancel() }
        return stream
    }
}

/// Where a chat service is, which of its models is meant, and how long it may be silent.
public struct ChatService: Sendable {
    /// Without a slash at the end.
    public var base: String
    public var model: String
    public var apiKey: Secret?
    /// Tokens of prompt and answer together.
    public var contextWindow: Int
    /// The longest silence of a stream.
    public var idleTimeout = Duration.seconds(120)
    /// Tokens that a model which thinks may take for that, beside the answer's.
    public var thinkingTokens = 4096
    /// False for a model that is known never to think: nothing of its text need be held back.
    public var mayThink = true

    public init(base: String, model: String, apiKey: Secret? = nil, contextWindow: Int) {
        (self.base, self.model, self.apiKey, self.contextWindow) = (base, model, apiKey, contextWindow)
    }
}
