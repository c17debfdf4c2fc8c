import ParleyCore
import ParleyDatabase
import ParleyHTTP

/// Requests with an `Idempotency-Key` and their answers, as rows.
///
/// An attempt takes its key in a small transaction of its own, so that a second one learns at once that the first still runs. It holds
/// the key for a short time and renews that while it works; the key of an attempt that crashed is free again when the time is over. The
/// answer is written in the transaction of the change, and only while the attempt still has the key: whatever crashes and whenever, either
/// both are there or neither is, and no second attempt can commit.
struct IdempotencyRecords: IdempotencyKeeper {
    /// Bytes of an answer that is kept.
    static let longestAnswer = 1 << 20

    let database: Database
    let clock: any WallClock
    /// Marks requests: a bare hash of a body would let a copy of the database be searched for passwords.
    let seal: SecretSeal
    /// How long answers are kept.
    let retention: Duration
    /// How long an attempt that gives no sign of life keeps others away.
    var hold = Duration.seconds(30)

    private enum Found: Sendable {
        case free
        case answered(KeptAnswer)
        case running(until: Timestamp)
        case otherRequest
    }

    func claim(_ request: IdempotentRequest) async throws -> KeptAnswer? {
        let now = clock.now()
        let mark = seal.mark(request.fingerprint)
        switch try await database.write({ try take(request, mark, now, in: $0) }) {
        case .free: return nil
        case .answered(let answer): return answer
        case .otherRequest:
            throw ParleyError(
                .idempotencyKeyReused, "This Idempotency-Key was sent with another request. A key stands for one request; make a new one.")
        case .running(let until):
            let wait = Duration.milliseconds(max(1000, min(until.milliseconds - now.milliseconds, 5000)))
            throw ParleyError(
                .idempotencyInProgress, "The request with this Idempotency-Key is still being carried out. Send it again in a moment.",
                retryAfter: wait)
        }
    }

    private func take(_ request: IdempotentRequest, _ mark: String, _ now: Timestamp, in connection: Connection) throws -> Found {
        let (held, expiry) = (now + hold, now + retention)
        let inserted = try connection.execute(
            """
            INSERT INTO idempotency_keys (user_id, key, fingerprint, attempt, held_until, expires_at)
            VALUES (\(request.user), \(request.key), \(mark), \(request.attempt), \(held), \(expiry))
            ON CONFLICT (user_id, key) DO NOTHING
            """)
        if inserted == 1 { return .free }
        let found = try connection.row(
            """
            SELECT fingerprint, held_until, status, headers, body, expires_at FROM idempotency_keys
            WHERE user_id = \(request.user) AND key = \(request.key)
            """ + connection.dialect.forUpdate)
        guard let found else { return .running(until: now) }
        let (expires, fingerprint): (Timestamp, String) = (try found["expires_at"], try found["fingerprint"])
        if expires > now {
            guard fingerprint == mark else { return .otherRequest }
            if let status: Int = try found["status"] { return .answered(try answer(status, found)) }
            let until: Timestamp = try found["held_until"]
            if until > now { return .running(until: until) }
        }
        try connection.execute(
            """
            UPDATE idempotency_keys SET fingerprint = \(mark), attempt = \(request.attempt), held_until = \(held),
                status = NULL, headers = NULL, body = NULL, expires_at = \(expiry)
            WHERE user_id = \(request.user) AND key = \(request.key)
            """)
        return .free
    }

    private func answer(_ status: Int, _ row: Row) throws -> KeptAnswer {
        let headers: JSONValue = try row["headers"]
        let list = (headers.array ?? []).compactMap { pair -> KeptAnswer.Header? in
            guard let name = pair.array?.first?.string, let value = pair.array?.last?.string else { return nil }
            return KeptAnswer.Header(name, value)
        }
        return KeptAnswer(status: status, headers: list, body: try row["body"])
    }

    func carryOut<Result: Sendable>(
        _ request: IdempotentRequest, _ work: () async throws -> (result: Result, answer: KeptAnswer)
    ) async throws -> Result {
        do {
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await keepHolding(request) }
                defer { group.cancelAll() }
                let outcome = try await database.unit {
                    let (result, answer) = try await work()
                    return Outcome(result: result, answer: answer)
                } beforeCommit: {
                    try keep($0.answer, of: request, in: $1)
                }
                return outcome.result
            }
        } catch {
            _ = try? await database.write { connection in
                try connection.execute(
                    """
                    DELETE FROM idempotency_keys WHERE user_id = \(request.user) AND key = \(request.key)
                        AND attempt = \(request.attempt) AND status IS NULL
                    """)
            }
            throw error
        }
    }

    private struct Outcome<Result: Sendable>: Sendable {
        let result: Result
        let answer: KeptAnswer
    }

    /// Writes the answer down, unless the key has gone to another attempt.
    private func keep(_ answer: KeptAnswer, of request: IdempotentRequest, in connection: Connection) throws {
        let headers = JSONValue.array(answer.headers.map { [.string($0.name), .string($0.value)] })
        let body = answer.body.flatMap { $0.count <= Self.longestAnswer ? $0 : nil }
        let kept = try connection.execute(
            """
            UPDATE idempotency_keys SET status = \(answer.status), headers = \(headers), body = \(body)
            WHERE user_id = \(request.user) AND key = \(request.key) AND attempt = \(request.attempt) AND status IS NULL
            """)
        guard kept == 1 else {
            throw ParleyError(
                .idempotencyInProgress, "Another attempt at this request was begun in the meantime. Send it again in a moment.",
                retryAfter: .seconds(1))
        }
    }

    /// Shows that the attempt lives.
    private func keepHolding(_ request: IdempotentRequest) async throws {
        while true {
            try await Task.sleep(for: hold / 3)
            let until = clock.now() + hold
            _ = try? await database.write { connection in
                try connection.execute(
                    """
                    UPDATE idempotency_keys SET held_until = \(until)
                    WHERE user_id = \(request.user) AND key = \(request.key) AND attempt = \(request.attempt) AND status IS NULL
                    """)
            }
        }
    }

    /// Frees the keys of attempts that a crash has ended. Only for the one process that there is, when it starts.
    func freeAll() async throws {
        try await database.write { _ = try $0.execute("DELETE FROM idempotency_keys WHERE status IS NULL") }
    }

    /// Forgets what is over.
    /// - Returns: how many rows went.
    @discardableResult
    func sweep() async throws -> Int {
        let now = clock.now()
        return try await database.write { try $0.execute("DELETE FROM idempotency_keys WHERE expires_at <= \(now)") }
    }
}
