import ParleyCore
import ParleyDatabase
import ParleyInference

/// The rows of language models.
struct LanguageModelStore: Sendable {
    private static let columns: SQL = """
        id, name, dialect, url, model, api_key IS NOT NULL AS has_key, context_window, prompt_price, completion_price, created_at, updated_at
        """

    func insert(_ model: LanguageModel, key: [UInt8]?, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO language_models (id, name, dialect, url, model, api_key, context_window, prompt_price, completion_price,
                created_at, updated_at)
            VALUES (\(model.id), \(model.name), \(model.dialect.rawValue), \(model.url), \(model.model), \(key), \(model.contextWindow),
                \(model.price.prompt), \(model.price.completion), \(model.createdAt), \(model.updatedAt))
            """)
    }

    func update(_ model: LanguageModel, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE language_models SET name = \(model.name), dialect = \(model.dialect.rawValue), url = \(model.url),
                model = \(model.model), context_window = \(model.contextWindow), prompt_price = \(model.price.prompt),
                completion_price = \(model.price.completion), updated_at = \(model.updatedAt)
            WHERE id = \(model.id)
            """)
    }

    func setKey(_ key: [UInt8]?, of id: LanguageModelID, in connection: Connection) throws {
        try connection.execute("UPDATE language_models SET api_key = \(key) WHERE id = \(id)")
    }

    /// All of them in the order they were added; there is a limit to how many there may be.
    func models(in connection: Connection) throws -> [LanguageModel] {
        try connection.rows("SELECT \(fragment: Self.columns) FROM language_models ORDER BY id").map(LanguageModel.init)
    }

    func model(_ id: LanguageModelID, in connection: Connection) throws -> LanguageModel? {
        try connection.row("SELECT \(fragment: Self.columns) FROM language_models WHERE id = \(id)").map(LanguageModel.init)
    }

    /// The sealed key; nil when there is none.
    func key(of id: LanguageModelID, in connection: Connection) throws -> [UInt8]? {
        try connection.row("SELECT api_key FROM language_models WHERE id = \(id)").flatMap { try $0["api_key"] }
    }

    func delete(_ id: LanguageModelID, in connection: Connection) throws -> Bool {
        try connection.execute("DELETE FROM language_models WHERE id = \(id)") == 1
    }

    static func version(of id: LanguageModelID) -> RowVersion {
        RowVersion("SELECT updated_at AS v0 FROM language_models WHERE id = \(id)", lock: "language_models")
    }
}

extension LanguageModel {
    init(_ row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        let dialect: String = try row["dialect"]
        self.dialect = ChatDialect(rawValue: dialect) ?? .openAI
        url = try row["url"]
        model = try row["model"]
        hasKey = try row["has_key"]
        contextWindow = try row["context_window"]
        price = TokenPrice(prompt: try row["prompt_price"], completion: try row["completion_price"])
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
