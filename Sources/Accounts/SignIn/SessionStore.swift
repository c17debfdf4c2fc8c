@_spi(Authority) import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// The rows of sessions.
struct SessionStore: Sendable {
    func insert(_ session: Session, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO sessions (id, user_id, access_hash, access_expires_at, family_hash, refresh_hash, expires_at, created_at, used_at)
            VALUES (\(session.id), \(session.user), \(session.accessHash), \(session.accessExpiresAt), \(session.familyHash),
                \(session.refreshHash), \(session.expiresAt), \(session.createdAt), \(session.usedAt))
            """)
    }

    func rotate(_ session: Session, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE sessions SET access_hash = \(session.accessHash), access_expires_at = \(session.accessExpiresAt),
                refresh_hash = \(session.refreshHash), used_at = \(session.usedAt)
            WHERE id = \(session.id)
            """)
    }

    /// The active person behind an access token.
    func principal(accessHash: String, at now: Timestamp, in connection: Connection) throws -> Principal? {
        try connection.row(
            """
            SELECT sessions.id AS id, users.id AS user_id, users.role AS role FROM sessions JOIN users ON users.id = sessions.user_id
            WHERE sessions.access_hash = \(accessHash) AND sessions.access_expires_at > \(now) AND users.disabled_at IS NULL
            """
        ).map { Principal(user: try $0["user_id"], role: try $0["role"], session: try $0["id"]) }
    }

    /// Whether the session is open, which it then stays until the transaction ends.
    func hold(_ id: SessionID, in connection: Connection) throws -> Bool {
        try connection.row("SELECT id FROM sessions WHERE id = \(id)\(fragment: connection.dialect.forUpdate)") != nil
    }

    /// The session to whose family of refresh tokens this one belongs, held until the transaction ends: of two who come with the same
    /// token the second must see what the first has done.
    func session(of token: RefreshToken, in connection: Connection) throws -> Session? {
        try connection.row(
            """
            SELECT id, user_id, access_hash, access_expires_at, family_hash, refresh_hash, expires_at, created_at, used_at
            FROM sessions WHERE family_hash = \(token.familyHash)\(fragment: connection.dialect.forUpdate)
            """
        ).map { row in
            Session(
                id: try row["id"], user: try row["user_id"], accessHash: try row["access_hash"],
                accessExpiresAt: try row["access_expires_at"], familyHash: try row["family_hash"],
                refreshHash: try row["refresh_hash"], expiresAt: try row["expires_at"], createdAt: try row["created_at"],
                usedAt: try row["used_at"])
        }
    }

    func delete(_ id: SessionID, in connection: Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE id = \(id)")
    }

    func deleteAll(of user: UserID, in connection: Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE user_id = \(user)")
    }

    func deleteAll(of user: UserID, except kept: SessionID?, in connection: Connection) throws {
        guard let kept else { return try deleteAll(of: user, in: connection) }
        try connection.execute("DELETE FROM sessions WHERE user_id = \(user) AND id <> \(kept)")
    }

    func deleteExpired(before now: Timestamp, in connection: Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE expires_at < \(now)")
    }
}
