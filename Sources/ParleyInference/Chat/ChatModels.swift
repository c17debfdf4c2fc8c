import ParleyCore
import Synchronization

/// The language models of the installation: those of the settings in the order in which they stand in for each other, then those that were
/// added while it ran, which answer when they are named, and the first of them when the settings name none.
public final class ChatModels: Sendable {
    /// One model with what is known of it.
    public struct Entry: Sendable {
        /// What people and requests call it.
        public let name: String
        /// The protocol it is spoken to in.
        public let dialect: ChatDialect
        public let model: any ChatModel
        public let price: TokenPrice
        /// Of the row that it was added by; nil for one of the settings.
        public let id: String?
        /// Which model it is, beyond its name: its weights where they are at hand, else where it is asked.
        private let origin: String

        public init(
            name: String, dialect: ChatDialect, model: any ChatModel, price: TokenPrice = TokenPrice(), origin: String = "",
            id: String? = nil
        ) {
            (self.name, self.dialect, self.model, self.price, self.origin, self.id) = (name, dialect, model, price, origin, id)
        }

        /// The same text for the same model after every start: fit to be stored and compared.
        public var identity: String {
            let descriptor = model.descriptor
            return "\(dialect.rawValue)/\(descriptor.name)@\(origin)/\(descriptor.contextWindow)"
        }
    }

    private let configured: [Entry]
    private let order: [String]
    private let added = Mutex<[Entry]>([])

    /// - Parameter order: the names of those that stand in for each other, the first of which answers when nobody asks for another;
    ///   empty for all as they are given. The others answer only when they are named.
    public init(_ entries: [Entry], order: [String] = []) { (configured, self.order) = (entries, order) }

    /// Puts these in place of the ones that were added before. A name of the settings' stays with theirs.
    public func replaceAdded(_ entries: [Entry]) {
        let taken = Set(configured.map(\.name))
        added.withLock { $0 = entries.filter { !taken.contains($0.name) } }
    }

    /// Whether the settings name a model so.
    public func isConfigured(_ name: String) -> Bool { configured.contains { $0.name == name } }

    /// Those that stand in for each other come first, in their order.
    public var entries: [Entry] { substitutes + all.filter { entry in !substitutes.contains { $0.name == entry.name } } }

    private var all: [Entry] { configured + added.withLock { $0 } }

    /// None that was added stands in for another: what it costs and who reads along is for those to decide who name it.
    private var substitutes: [Entry] {
        if !order.isEmpty { return order.compactMap { name in configured.first { $0.name == name } } }
        return configured.isEmpty ? Array(added.withLock { $0.prefix(1) }) : configured
    }

    /// The one that answers when nobody asks for another; nil when there is none.
    public var standard: Entry? { entries.first }

    public subscript(name: String) -> Entry? { all.first { $0.name == name } }

    /// The models to ask one after the other: the wanted one, then those that stand in for it. An unknown name counts as none.
    public func chain(_ wanted: String?) -> [Entry] {
        let chain = substitutes
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
