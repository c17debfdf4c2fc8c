public import ParleyCore

/// A model that reads a question, or a statement, together with a passage.
public protocol PassageReader: Sendable {
    /// What each passage says on the text, in their order.
    /// - Throws: `reader.model_missing`, `reader.model_unsupported`, `inference.runtime_missing`, `reader.busy`; `CancellationError`.
    func read(_ text: String, in passages: [String]) async throws -> [Reading]

    /// The same text for the same model in every release: fit to be stored and compared.
    /// - Throws: `reader.model_missing`, `reader.model_unsupported`.
    var identity: String { get throws }

    /// Whether the model could be used, without loading it.
    /// - Returns: a few words for the operator.
    /// - Throws: as `read`.
    func checkHealth() async throws -> String

    /// Waits for what the model is doing, such as loading; to be called before the process ends.
    func close() async
}

/// What a passage says on a question or a statement.
public struct Reading: Sendable, Hashable {
    /// A token of the passage.
    public struct Token: Sendable, Hashable {
        /// Unicode scalars of the passage.
        public let place: Range<Int>
        /// How much likelier the answer begins, or ends, here than that the passage holds none, as logits.
        public let start: Float
        public let end: Float

        public init(place: Range<Int>, start: Float, end: Float) { (self.place, self.start, self.end) = (place, start, end) }
    }

    /// Words that may answer.
    public struct Span: Sendable, Hashable {
        /// Unicode scalars of the passage.
        public let place: Range<Int>
        /// How much likelier they are the answer than that the passage holds none, as a logit.
        public let margin: Float
    }

    /// That the passage answers the question, as a logit.
    public let answer: Float
    /// That the passage supports the statement, contradicts it, or does not speak of it: 0 to 1, together 1.
    public let supported: Float
    public let contradicted: Float
    public let tokens: [Token]

    public var silent: Float { 1 - supported - contradicted }

    public init(answer: Float, supported: Float, contradicted: Float, tokens: [Token]) {
        (self.answer, self.supported, self.contradicted, self.tokens) = (answer, supported, contradicted, tokens)
    }

    /// Tokens that an answer has at most.
    private static let longest = 30

    /// The words within these scalars of the passage that answer best; nil when no token lies in them.
    public func span(in place: Range<Int>) -> Span? {
        let tokens = tokens.filter {
            $0.place.lowerBound >= place.lowerBound && $0.place.upperBound <= place.upperBound && !$0.place.isEmpty
        }
        var best: Span?
        for first in tokens.indices {
            for token in tokens[first...].prefix(Self.longest) where tokens[first].start + token.end > best?.margin ?? -.infinity {
                best = Span(place: tokens[first].place.lowerBound..<token.place.upperBound, margin: tokens[first].start + token.end)
            }
        }
        return best
    }
}

extension ErrorCode {
    public static let readerModelMissing = Self("reader.model_missing", .unavailable, "The reader's model is missing")
    public static let readerModelUnsupported = Self("reader.model_unsupported", .unavailable, "The reader's model cannot be used")
    public static let readerBusy = Self("reader.busy", .unavailable, "The reader has too much to do")
}
