import ParleyCore
import ParleyDatabase

/// The hashes of passwords that people had before.
struct PasswordHistoryStore: Sendable {
    /// The latest ones, at most so many.
    func hashes(of user: UserID, atMost count: Int, in connection: Connection) throws -> [String] {
        try connection.rows(
            """
            SELECT password_hash FROM password_history WHERE user_id = \(user)
            ORDER BY replaced_at DESC, password_hash LIMIT \(count)
            """
        ).map { try $0["password_hash"] }
    }

    /// Notes a hash that has been replaced, and forgets all but the latest ones.
    func add(_ hash: String, of user: UserID, at now: Timestamp, keeping count: Int, in connection: Connection) throws {
        guard count > 0 else {
            try connection.execute("DELETE FROM password_history WHERE user_id = \(user)")
            return
        }
        try connection.execute("INSERT INTO password_history (password_hash, user_id, replaced_at) VALUES (\(hash), \(user), \(now))")
        try connection.execute(
            """
            DELETE FROM password_history WHERE user_id = \(user) AND password_hash NOT IN (
                SELECT password_hash FROM password_history WHERE user_id = \(user) ORDER BY replaced_at DESC, password_hash LIMIT \(count))
            """)
    }
}
