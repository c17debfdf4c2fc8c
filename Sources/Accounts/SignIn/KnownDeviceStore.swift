import ParleyCore
import ParleyDatabase

/// The devices that people have signed in with, each known by a token (OWASP's device cookies).
struct KnownDeviceStore: Sendable {
    /// So many of a person are remembered; the one that was not used for longest goes first.
    private static let most = 50

    func isKnown(_ tokenHash: String, email: String, in connection: Connection) throws -> Bool {
        try connection.row(
            """
            SELECT token_hash FROM known_devices JOIN users ON users.id = known_devices.user_id
            WHERE known_devices.token_hash = \(tokenHash) AND users.email = \(email)
            """) != nil
    }

    func use(_ tokenHash: String, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE known_devices SET used_at = \(now) WHERE token_hash = \(tokenHash)")
    }

    func add(_ tokenHash: String, of user: UserID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("INSERT INTO known_devices (token_hash, user_id, used_at) VALUES (\(tokenHash), \(user), \(now))")
        try connection.execute(
            """
            DELETE FROM known_devices WHERE user_id = \(user) AND token_hash NOT IN (
                SELECT token_hash FROM known_devices WHERE user_id = \(user) ORDER BY used_at DESC, token_hash LIMIT \(Self.most))
            """)
    }

    func deleteAll(of user: UserID, in connection: Connection) throws {
        try connection.execute("DELETE FROM known_devices WHERE user_id = \(user)")
    }
}
