public import ParleyCore
public import ParleyDatabase

/// How much a person or a project may use; nil is no limit of its own.
public struct Quota: Hashable, Sendable {
    /// Bytes of documents: files, texts, passages and vectors, of deleted documents too until they are purged.
    public var storage: Int?
    /// Documents that are not deleted.
    public var documents: Int?
    /// Tokens that answers read and write in one day (UTC).
    public var dailyTokens: Int?
    /// The same in one month (UTC).
    public var monthlyTokens: Int?

    public init(storage: Int? = nil, documents: Int? = nil, dailyTokens: Int? = nil, monthlyTokens: Int? = nil) {
        (self.storage, self.documents, self.dailyTokens, self.monthlyTokens) = (storage, documents, dailyTokens, monthlyTokens)
    }

    /// With what is not said here taken from there.
    func or(_ standard: Quota) -> Quota {
        Quota(
            storage: storage ?? standard.storage, documents: documents ?? standard.documents,
            dailyTokens: dailyTokens ?? standard.dailyTokens, monthlyTokens: monthlyTokens ?? standard.monthlyTokens)
    }
}

/// The quotas of people and projects: what an administrator has set, else what the settings say.
public struct Quotas: Sendable {
    public static let userStorage = Setting<ByteSize?>(
        "quota.user_storage", default: nil,
        "Bytes that one person's documents may take: files, texts, passages and vectors, of deleted ones too until they are purged.")
    public static let userDocuments = count("user_documents", "Documents that one person may have.")
    public static let userDaily = count("user_daily_tokens", "Tokens that the answers to one person may use in a day (UTC).")
    public static let userMonthly = count("user_monthly_tokens", "Tokens that the answers to one person may use in a month (UTC).")
    public static let projectStorage = Setting<ByteSize?>(
        "quota.project_storage", default: nil,
        "Bytes that one project's documents may take: files, texts, passages and vectors, of deleted ones too until they are purged.")
    public static let projectDocuments = count("project_documents", "Documents that one project may have.")
    public static let projectDaily = count("project_daily_tokens", "Tokens that one project's answers may use in a day (UTC).")
    public static let projectMonthly = count("project_monthly_tokens", "Tokens that one project's answers may use in a month (UTC).")

    public static let settings: [any SettingDeclaration] = [
        userStorage, userDocuments, userDaily, userMonthly, projectStorage, projectDocuments, projectDaily, projectMonthly,
    ]

    private static func count(_ name: String, _ help: String) -> Setting<Int?> {
        Setting("quota." + name, default: nil, .optional(.range(0...1_000_000_000_000)), help + " Left out, there is no limit.")
    }

    private let user: Quota
    private let project: Quota
    private let store = QuotaStore()

    /// - Parameters: what holds where an administrator has set nothing.
    public init(user: Quota = Quota(), project: Quota = Quota()) { (self.user, self.project) = (user, project) }

    public init(_ settings: SettingsReader) {
        user = Quota(
            storage: settings[Self.userStorage]?.bytes, documents: settings[Self.userDocuments], dailyTokens: settings[Self.userDaily],
            monthlyTokens: settings[Self.userMonthly])
        project = Quota(
            storage: settings[Self.projectStorage]?.bytes, documents: settings[Self.projectDocuments],
            dailyTokens: settings[Self.projectDaily], monthlyTokens: settings[Self.projectMonthly])
    }

    public func quota(of user: UserID, in connection: Connection) throws -> Quota {
        try store.quota(of: .user(user), in: connection).or(self.user)
    }

    public func quota(of project: ProjectID, in connection: Connection) throws -> Quota {
        try store.quota(of: .project(project), in: connection).or(self.project)
    }

    /// Makes whoever else checks the same person's or project's quotas wait for this transaction, so that two who each find
    /// room for one do not both take it.
    public func hold(_ project: ProjectID, _ user: UserID, in connection: Connection) throws {
        guard connection.dialect == .postgres else { return }
        _ = try connection.row("SELECT id FROM projects WHERE id = \(project)" + connection.dialect.forUpdate)
        _ = try connection.row("SELECT id FROM users WHERE id = \(user)" + connection.dialect.forUpdate)
    }
}
