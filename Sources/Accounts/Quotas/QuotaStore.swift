import ParleyCore
import ParleyDatabase

/// The rows of quotas: one for each person or project for whom an administrator has set any, by their id.
struct QuotaStore: Sendable {
    func quota(of owner: QuotaOwner, in connection: Connection) throws -> Quota {
        let row = try connection.row(
            "SELECT storage, documents, daily_tokens, monthly_tokens FROM quotas WHERE owner_id = \(owner.id)")
        guard let row else { return Quota() }
        return Quota(
            storage: try row["storage"], documents: try row["documents"], dailyTokens: try row["daily_tokens"],
            monthlyTokens: try row["monthly_tokens"])
    }

    func set(_ quota: Quota, of owner: QuotaOwner, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO quotas (owner_id, storage, documents, daily_tokens, monthly_tokens, version, updated_at)
            VALUES (\(owner.id), \(quota.storage), \(quota.documents), \(quota.dailyTokens), \(quota.monthlyTokens), 1, \(now))
            ON CONFLICT (owner_id) DO UPDATE SET storage = excluded.storage, documents = excluded.documents,
                daily_tokens = excluded.daily_tokens, monthly_tokens = excluded.monthly_tokens, updated_at = excluded.updated_at,
                version = quotas.version + 1
            """)
    }

    static func version(of owner: QuotaOwner) -> RowVersion {
        let (table, condition) = (owner.table, owner.condition)
        return RowVersion(
            """
            SELECT COALESCE((SELECT version FROM quotas WHERE quotas.owner_id = \(owner.id)), 0) AS v0
            FROM \(raw: table) WHERE \(fragment: condition)
            """, lock: table)
    }

    /// Whether there is such a person or project.
    func exists(_ owner: QuotaOwner, in connection: Connection) throws -> Bool {
        try connection.row("SELECT id FROM \(raw: owner.table) WHERE \(fragment: owner.condition)") != nil
    }
}

/// Whose quota.
enum QuotaOwner: Sendable {
    case user(UserID)
    case project(ProjectID)

    var id: String {
        switch self {
        case .user(let user): user.description
        case .project(let project): project.description
        }
    }

    fileprivate var table: String { if case .user = self { "users" } else { "projects" } }

    fileprivate var condition: SQL {
        switch self {
        case .user: "users.id = \(id)"
        case .project: "projects.id = \(id) AND projects.deleted_at IS NULL"
        }
    }
}
