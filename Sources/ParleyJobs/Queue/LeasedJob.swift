import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// A job that this process has taken, or one whose process is gone.
struct LeasedJob: Sendable {
    let id: JobID
    let type: String
    let payload: JSONText
    let subject: String?
    let lane: String
    let principal: PrincipalReference?
    let traceparent: String?
    let attempt: Int
    let failures: Int
    let maxAttempts: Int
    let deaths: Int
    /// The furthest that any attempt came, from 0 to 1.
    let progress: Double
    let worker: String?
    let isCancelRequested: Bool

    static let columns: SQL = """
        id, type, payload, subject, lane, user_id, key_id, traceparent, attempts, failures, max_attempts, deaths, progress, worker,
        cancel_requested
        """

    init(_ row: Row) throws {
        id = try row["id"]
        type = try row["type"]
        payload = try row["payload"]
        subject = try row["subject"]
        lane = try row["lane"]
        principal = try PrincipalReference(row)
        traceparent = try row["traceparent"]
        attempt = try row["attempts"]
        failures = try row["failures"]
        maxAttempts = try row["max_attempts"]
        deaths = try row["deaths"]
        progress = try row["progress"]
        worker = try row["worker"]
        isCancelRequested = try row["cancel_requested"]
    }

    /// Whether it may be what ends its process.
    var isSuspect: Bool { deaths >= Suspicion.begins }
}
