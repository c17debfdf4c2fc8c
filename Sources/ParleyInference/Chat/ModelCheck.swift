public import ParleyCore

/// What a short question to a language model shows of it.
public struct ModelCheck: Sendable {
    /// From the question to the first words; nil when there were none.
    public private(set) var firstWords: Duration?
    public private(set) var total = Duration.zero
    /// Whether the answer came in pieces.
    public private(set) var streams = false
    /// Whether the model showed what it thought.
    public private(set) var thinks = false
    public private(set) var usage: ChatUsage?
    /// What stood in the way.
    public private(set) var error: ParleyError?

    private static let question = ChatRequest(
        [ChatMessage(.system, "Answer in one short sentence."), ChatMessage(.user, "What colour is the sky on a clear day?")], maxTokens: 60
    )

    /// Asks twice and measures the second answer: the first loads the model, and teaches what the service takes.
    /// - Throws: `CancellationError`.
    public init(_ model: any ChatModel) async throws {
        for _ in 1...2 where error == nil {
            self = ModelCheck()
            let start = ContinuousClock.now
            do { try await ask(model, start) } catch let error as ParleyError { self.error = error }
            total = ContinuousClock.now - start
        }
    }

    private init() {}

    private mutating func ask(_ model: any ChatModel, _ start: ContinuousClock.Instant) async throws {
        for try await chunk in model.stream(Self.question) {
            switch chunk {
            case .text:
                streams = firstWords != nil
                firstWords = firstWords ?? ContinuousClock.now - start
            case .reasoning: thinks = true
            case .withdrawn: firstWords = nil
            case .finished(_, let usage): self.usage = usage
            }
        }
        try Task.checkCancellation()
    }
}
