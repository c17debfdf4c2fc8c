import ParleyCore
import ParleyDatabase

/// The rows of quotas: one for each person or project for whom an administrator has set any, by their id.
struct QuotaStore: Sendable {
    func quota(of owner: String, in connection: Connection) throws -> Quota {
        let row = try connection.row(
            "SELECT storage, documents, daily_tokens, monthly_tokens FROM quotas WHERE owner_id = \(owner)")
        guard let row else { return Quota() }
        return Quota(
            storage: try row["storage"], documents: try row["documents"], dailyTokens: try row["daily_tokens"],
            monthlyTokens: try row["monthly_tokens"])
    }

    func set(_ quota: Quota, of owner: String, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO quotas (owner_id, storage, documents, daily_tokens, monthly_tokens, version, updated_at)
            VALUES (\(owner), \(quota.storage), \(quota.documents), \(quota.dailyTokens), \(quota.monthlyTokens), 1, \(now))
            ON CONFLICT (owner_id) DO UPDATE SET storage = excluded.storage, documents = excluded.documents,
                daily_tokens = excluded.daily_tokens, monthly_tokens = excluded.monthly_tokens, updated_at = excluded.updated_at,
                version = quotas.version + 1
            """)
    }

    static func version(of project: ProjectID) -> RowVersion {
        RowVersion(
            """
            SELECT COALESCE((SELECT version FROM quotas WHERE quotas.owner_id = projects.id), 0) AS v0
            FROM projects WHERE projects.id = \(project) AND projects.deleted_at IS NULL
            """, lock: "projects")
    }

    static func version(of user: UserID) -> RowVersion {
        RowVersion(
            """
            SELECT COALESCE((SELECT version FROM quotas WHERE quotas.owner_id = users.id), 0) AS v0
            FROM users WHERE users.id = \(user)
            """, lock: "users")
    }
}
