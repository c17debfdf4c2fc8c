internal import Foundation
internal import Synchronization

/// Measures texts in a chat model's tokens, so that passages can be packed to its window.
public protocol AnswerTokenCounter: Sendable {
    /// True when the counts are a guess, so that the caller leaves some room.
    var isEstimate: Bool { get }

    func tokenCount(_ text: String) -> Int

    /// Tokens of a whole conversation with the marks around each message and the start of the answer.
    func tokenCount(of messages: [ChatMessage]) -> Int
}

/// Counts with the model's own tokenizer.
public struct BytePairTokenCounter: AnswerTokenCounter {
    private let tokenizer: BytePairTokenizer
    private let prompt: ChatPrompt?

    public init(_ tokenizer: BytePairTokenizer) {
        self.tokenizer = tokenizer
        prompt = ChatPrompt(tokenizer)
    }

    public var isEstimate: Bool { false }

    public func tokenCount(_ text: String) -> Int { tokenizer.encode(text).count }

    public func tokenCount(of messages: [ChatMessage]) -> Int {
        prompt?.tokens(messages).count ?? messages.reduce(0) { $0 + tokenCount($1.content) }
    }
}

/// Guesses for a model whose tokenizer is not here: four bytes of UTF-8 a token, as is usual for English,
/// and four tokens around each message.
public struct EstimatedTokenCounter: AnswerTokenCounter {
    public init() {}

    public var isEstimate: Bool { true }

    public func tokenCount(_ text: String) -> Int { (text.utf8.count + 3) / 4 }

    public func tokenCount(of messages: [ChatMessage]) -> Int { messages.reduce(3) { $0 + tokenCount($1.content) + 4 } }
}

/// Counts with the tokenizer of an installed model, read at the first use; guesses as long as it is not there.
public final class InstalledTokenCounter: AnswerTokenCounter {
    private let folder: String
    private let loaded = Mutex<BytePairTokenCounter?>(nil)

    /// - Parameter folder: the model's.
    public init(folder: String) { self.folder = folder }

    public var isEstimate: Bool { counter.isEstimate }
    public func tokenCount(_ text: String) -> Int { counter.tokenCount(text) }
    public func tokenCount(of messages: [ChatMessage]) -> Int { counter.tokenCount(of: messages) }

    private var counter: any AnswerTokenCounter {
        loaded.withLock { loaded in
            if let loaded { return loaded }
            guard let tokenizer = try? BytePairTokenizer(folder: folder) else { return EstimatedTokenCounter() }
            let counter = BytePairTokenCounter(tokenizer)
            loaded = counter
            return counter
        }
    }
}
