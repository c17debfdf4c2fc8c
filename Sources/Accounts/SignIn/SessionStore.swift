import ParleyCore
import ParleyDatabase

/// The rows of sessions.
struct SessionStore: Sendable {
    func insert(_ session: Session, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO sessions (id, user_id, access_hash, access_expires_at, refresh_hash, expires_at, created_at, used_at)
            VALUES (\(session.id), \(session.user), \(session.accessHash), \(session.accessExpiresAt), \(session.refreshHash),
                \(session.expiresAt), \(session.createdAt), \(session.usedAt))
            """)
    }

    func rotate(_ session: Session, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE sessions SET access_hash = \(session.accessHash), access_expires_at = \(session.accessExpiresAt),
                refresh_hash = \(session.refreshHash), previous_refresh_hash = \(session.previousRefreshHash), used_at = \(session.usedAt)
            WHERE id = \(session.id)
            """)
    }

    /// The active person behind an access token.
    func user(accessHash: String, at now: Timestamp, in connection: Connection) throws -> User? {
        try connection.row(
            """
            SELECT \(fragment: User.columns) FROM sessions JOIN users ON users.id = sessions.user_id
            WHERE sessions.access_hash = \(accessHash) AND sessions.access_expires_at > \(now) AND users.disabled_at IS NULL
            """
        ).map(User.init)
    }

    /// The session whose present or previous refresh token this is, held until the transaction ends: of two who come with the
    /// same token the second must see what the first has done.
    func session(refreshHash: String, in connection: Connection) throws -> Session? {
        try connection.row(
            """
            SELECT id, user_id, access_hash, access_expires_at, refresh_hash, previous_refresh_hash, expires_at, created_at, used_at
            FROM sessions
            WHERE refresh_hash = \(refreshHash) OR previous_refresh_hash = \(refreshHash)\(fragment: connection.dialect.forUpdate)
            """
        ).map { row in
            Session(
                id: try row["id"], user: try row["user_id"], accessHash: try row["access_hash"],
                accessExpiresAt: try row["access_expires_at"], refreshHash: try row["refresh_hash"],
                previousRefreshHash: try row["previous_refresh_hash"], expiresAt: try row["expires_at"],
                createdAt: try row["created_at"], usedAt: try row["used_at"])
        }
    }

    func delete(_ id: SessionID, in connection: Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE id = \(id)")
    }

    func deleteAll(of user: UserID, in connection: Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE user_id = \(user)")
    }

    func deleteExpired(before now: Timestamp, in connection: Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE expires_at < \(now)")
    }
}
