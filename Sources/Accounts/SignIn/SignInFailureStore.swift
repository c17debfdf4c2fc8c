import ParleyCore
import ParleyDatabase

/// The counts of failed sign-ins, one for each account that was tried (there or not), device and network address.
struct SignInFailureStore: Sendable {
    /// Until when none of these may try again; nil when all may.
    func blocked(_ subjects: [String], at now: Timestamp, in connection: Connection) throws -> Timestamp? {
        try subjects.compactMap { subject -> Timestamp? in
            try connection.row("SELECT blocked_until FROM sign_in_failures WHERE subject = \(subject) AND blocked_until > \(now)")
                .map { try $0["blocked_until"] }
        }.max()
    }

    /// Counts one failure more, and says until when the next try waits.
    func add(_ subject: String, free: Int, _ limits: SignInLimits, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO sign_in_failures (subject, failures, failed_at, blocked_until) VALUES (\(subject), 1, \(now), \(now))
            ON CONFLICT (subject) DO UPDATE SET failures = sign_in_failures.failures + 1, failed_at = excluded.failed_at
            """)
        let failures: Int = try connection.row("SELECT failures FROM sign_in_failures WHERE subject = \(subject)")?["failures"] ?? 1
        let delay = limits.delay(after: failures, free: free)
        try connection.execute("UPDATE sign_in_failures SET blocked_until = \(now + delay) WHERE subject = \(subject)")
    }

    func forget(_ subject: String, in connection: Connection) throws {
        try connection.execute("DELETE FROM sign_in_failures WHERE subject = \(subject)")
    }

    func forget(before moment: Timestamp, in connection: Connection) throws {
        try connection.execute("DELETE FROM sign_in_failures WHERE failed_at < \(moment)")
    }
}
