import ParleyCore

/// The language models of the installation, in the order in which they stand in for each other.
public struct ChatModels: Sendable {
    /// One model with what is known of it.
    public struct Entry: Sendable {
        /// What people and requests call it.
        public let name: String
        /// The protocol it is spoken to in.
        public let dialect: ChatDialect
        public let model: any ChatModel
        public let price: TokenPrice
        /// Which model it is, beyond its name: its weights where they are at hand, else where it is asked.
        private let origin: String

        public init(name: String, dialect: ChatDialect, model: any ChatModel, price: TokenPrice = TokenPrice(), origin: String = "") {
            (self.name, self.dialect, self.model, self.price, self.origin) = (name, dialect, model, price, origin)
        }

        /// The same text for the same model after every start: fit to be stored and compared.
        public var identity: String {
            let descriptor = model.descriptor
            return "\(dialect.rawValue)/\(descriptor.name)@\(origin)/\(descriptor.contextWindow)"
        }
    }

    /// Those that stand in for each other come first, in their order.
    public let entries: [Entry]
    private let substitutes: Int

    /// - Parameter order: the names of those that stand in for each other, the first of which answers when nobody asks for another;
    ///   empty for all as they are given. The others answer only when they are named.
    public init(_ entries: [Entry], order: [String] = []) {
        let ordered = order.compactMap { name in entries.first { $0.name == name } }
        self.entries = ordered + entries.filter { !order.contains($0.name) }
        substitutes = order.isEmpty ? entries.count : ordered.count
    }

    /// The one that answers when nobody asks for another; nil when there is none.
    public var standard: Entry? { entries.first }

    public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    /// The models to ask one after the other: the wanted one, then those that stand in for it. An unknown name counts as none.
    public func chain(_ wanted: String?) -> [Entry] {
        let chain = Array(entries.prefix(max(0, substitutes)))
        guard let wanted, let first = self[wanted] else { return chain }
        return [first] + chain.filter { $0.name != wanted }
    }
}

/// The protocols of language models.
public enum ChatDialect: String, Sendable, CaseIterable {
    /// The model of `model.folder`, in a process of ours.
    case local
    case openAI = "openai"
    case anthropic
    case ollama
}

/// What a model's tokens cost, in the operator's currency by the million.
public struct TokenPrice: Hashable, Sendable {
    public var prompt: Double
    public var completion: Double

    public init(prompt: Double = 0, completion: Double = 0) { (self.prompt, self.completion) = (prompt, completion) }

    /// In millionths of the currency; at most 10^15, so that the costs of all answers can be added up.
    public func cost(promptTokens: Int, completionTokens: Int) -> Int {
        let cost = Double(promptTokens) * prompt + Double(completionTokens) * completion
        return Int(rounding: min(max(0, cost), 1e15))
    }
}
