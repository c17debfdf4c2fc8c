public import ParleyCore
public import ParleyInference

public enum LanguageModelKind: IdentifierKind { public static let prefix = "mdl" }
public typealias LanguageModelID = Identifier<LanguageModelKind>

/// A language model that was added while the server ran.
public struct LanguageModel: Sendable, Hashable {
    public let id: LanguageModelID
    /// What people and requests call it; no two models have one name.
    public var name: String
    public var dialect: ChatDialect
    /// The service's address up to its version, without a slash at the end.
    public var url: String
    /// The name that the service knows it by.
    public var model: String
    /// Whether a key is kept for it.
    public var hasKey: Bool
    /// Tokens of prompt and answer together.
    public var contextWindow: Int
    public var price: TokenPrice
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// What is said of a model, new or to be changed; nil stays, or takes the default.
public struct LanguageModelDraft: Sendable {
    public var name: String?
    public var dialect: ChatDialect?
    public var url: String?
    public var model: String?
    public var apiKey: Secret?
    public var contextWindow: Int?
    public var promptPrice: Double?
    public var completionPrice: Double?

    public init() {}
}

extension ErrorCode {
    public static let languageModelNotFound = Self("language_model.not_found", .notFound, "There is no such language model")
    public static let languageModelNameTaken = Self("language_model.name_taken", .conflict, "Another language model has this name")
    public static let languageModelLimit = Self("language_model.too_many", .conflict, "There are as many language models as there may be")
}
