import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// A job that this process has taken.
struct LeasedJob: Sendable {
    let id: JobID
    let type: String
    let payload: JSONText
    let principal: Principal?
    let traceparent: String?
    let attempt: Int
    let maxAttempts: Int
    let isCancelRequested: Bool

    static let columns: SQL = "id, type, payload, user_id, user_role, traceparent, attempts, max_attempts, cancel_requested"

    init(_ row: Row) throws {
        id = try row["id"]
        type = try row["type"]
        payload = try row["payload"]
        principal = try Principal(row)
        traceparent = try row["traceparent"]
        attempt = try row["attempts"]
        maxAttempts = try row["max_attempts"]
        isCancelRequested = try row["cancel_requested"]
    }
}

/// Taking, keeping and giving back jobs: the rows' side of the processor. A row is written only while the lease is this
/// worker's and of this attempt, so that who has lost a job can no longer change it.
struct JobLeases: Sendable {
    let database: Database
    let clock: any WallClock
    /// How long a job is ours without a heartbeat.
    let duration: Duration
    /// Who we are among the processes.
    let worker: String

    /// Takes jobs that are due, for each type up to its free places.
    func claim(_ places: [String: JobPlaces]) async throws -> [LeasedJob] {
        let now = clock.now()
        let wanted = places.filter { $0.value.free > 0 }.sorted { $0.key < $1.key }
        // Looking takes no lock: an idle process does not disturb who writes.
        guard !wanted.isEmpty, try await database.read({ try isAnyDue(wanted.map(\.key), now, in: $0) }) else { return [] }
        return try await database.write { connection in try wanted.flatMap { try claim($0.key, $0.value, now, in: connection) } }
    }

    private func isAnyDue(_ types: [String], _ now: Timestamp, in connection: Connection) throws -> Bool {
        try connection.row("SELECT id FROM jobs WHERE type IN \(list: types) AND state = 'queued' AND run_at <= \(now) LIMIT 1") != nil
    }

    private func claim(_ type: String, _ places: JobPlaces, _ now: Timestamp, in connection: Connection) throws -> [LeasedJob] {
        guard places.perLane != nil else { return try claim(type, places.free, "", now, in: connection) }
        var jobs: [LeasedJob] = []
        while jobs.count < places.free {
            let lanes: [String] = try connection.rows(
                "SELECT lane FROM jobs WHERE type = \(type) AND state = 'running' AND lane IS NOT NULL"
            ).map { try $0["lane"] }
            guard let job = try claim(type, 1, places.beside(lanes), now, in: connection).first else { break }
            jobs.append(job)
        }
        return jobs
    }

    /// - Parameter condition: which of the jobs that are due may be taken.
    private func claim(_ type: String, _ limit: Int, _ condition: SQL, _ now: Timestamp, in connection: Connection) throws -> [LeasedJob] {
        try connection.rows(
            """
            WITH due AS (
                SELECT id FROM jobs WHERE type = \(type) AND state = 'queued' AND run_at <= \(now) \(fragment: condition)
                ORDER BY priority DESC, run_at, id LIMIT \(limit)\(fragment: connection.dialect.forUpdateSkipLocked))
            UPDATE jobs SET state = 'running', worker = \(worker), lease_until = \(now + duration), attempts = attempts + 1
            WHERE id IN (SELECT id FROM due) RETURNING \(fragment: LeasedJob.columns)
            """
        ).map(LeasedJob.init)
    }

    /// Whose jobs are lost.
    enum Lost {
        /// Those without a sign of life for too long, but for these, which run here: of processes that died, and of this one when it
        /// could not write down how an attempt ended.
        case expired(except: [JobID])
        /// Those of every other worker: there can be none.
        case all
    }

    /// Ends or queues again the jobs that nobody runs any more.
    /// - Parameter givingUp: is called in the transaction for each job that was in its last attempt.
    func recover(_ lost: Lost, givingUp: @escaping @Sendable (LeasedJob, Connection) throws -> Void) async throws {
        let now = clock.now()
        guard try await database.read({ try !running(lost, now, in: $0).isEmpty }) else { return }
        try await database.write { connection in
            for job in try running(lost, now, connection.dialect.forUpdateSkipLocked, in: connection) {
                let end: JobEnd =
                    if job.isCancelRequested { .cancelled } else if job.attempt >= max(job.maxAttempts, Self.mostAttempts) {
                        .dead(Self.died)
                    } else {
                        .orphaned(Self.pause(after: job.attempt), Self.died)
                    }
                try write(end, job.id, now, in: connection)
                if case .dead = end { try givingUp(job, connection) }
            }
        }
    }

    /// Attempts after which a job is given up though each ended with its process: it may be what kills them.
    static let mostAttempts = 12

    /// None at first, since the death of a process is seldom a job's fault; then longer ones, so that a job whose fault it is leaves room.
    private static func pause(after attempt: Int) -> Duration {
        attempt < 5 ? .zero : .milliseconds(min(250 << min(attempt - 5, 6), 10_000))
    }

    static let died = "The process that ran the job died, or could not write down how it ended."

    private func running(_ lost: Lost, _ now: Timestamp, _ lock: SQL = "", in connection: Connection) throws -> [LeasedJob] {
        let condition: SQL =
            switch lost {
            case .expired(let here) where here.isEmpty: "lease_until < \(now)"
            case .expired(let here): "lease_until < \(now) AND id NOT IN \(list: here)"
            case .all: "worker <> \(worker)"
            }
        return try connection.rows(
            """
            SELECT \(fragment: LeasedJob.columns) FROM jobs WHERE state = 'running' AND \(fragment: condition)
            ORDER BY id LIMIT 100\(fragment: lock)
            """
        ).map(LeasedJob.init)
    }

    /// Keeps these jobs ours.
    /// - Returns: those that are still ours, and whether somebody wants them stopped.
    func extend(_ ids: [JobID]) async throws -> [JobID: Bool] {
        guard !ids.isEmpty else { return [:] }
        let until = clock.now() + duration
        return try await database.write { connection in
            let rows = try connection.rows(
                """
                UPDATE jobs SET lease_until = \(until) WHERE id IN \(list: ids) AND worker = \(worker) AND state = 'running'
                RETURNING id, cancel_requested
                """)
            return Dictionary(try rows.map { (try $0["id"], try $0["cancel_requested"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Notes how far the job is.
    func report(_ id: JobID, attempt: Int, progress: Double, note: String) async throws {
        let progress = progress.isNaN ? 0 : min(max(progress, 0), 1)
        try await database.write { connection in
            try connection.execute(
                "UPDATE jobs SET progress = \(progress), note = \(note) WHERE id = \(id) AND worker = \(worker) AND attempts = \(attempt)")
        }
    }

    /// Writes down how an attempt ended.
    /// - Parameter also: is called in the same transaction, when the job was still ours.
    func end(_ job: LeasedJob, _ end: JobEnd, also: @escaping @Sendable (Connection) throws -> Void = { _ in }) async throws {
        let now = clock.now()
        try await database.write { connection in
            let ours = try connection.row(
                """
                SELECT id FROM jobs WHERE id = \(job.id) AND worker = \(worker) AND attempts = \(job.attempt) AND state = 'running'
                \(fragment: connection.dialect.forUpdate)
                """)
            guard ours != nil else { return }
            try write(end, job.id, now, in: connection)
            try also(connection)
        }
    }

    private func write(_ end: JobEnd, _ id: JobID, _ now: Timestamp, in connection: Connection) throws {
        let changes: SQL =
            switch end {
            case .done: "state = 'done', finished_at = \(now), progress = 1, error = NULL"
            case .cancelled: "state = 'cancelled', finished_at = \(now)"
            case .dead(let error): "state = 'dead', finished_at = \(now), error = \(error)"
            case .retry(let pause, let error): "state = 'queued', run_at = \(now + pause), error = \(error)"
            case .orphaned(let pause, let error):
                "state = 'queued', run_at = \(now + pause), error = \(error), max_attempts = max_attempts + 1"
            case .released: "state = 'queued', attempts = attempts - 1"
            }
        try connection.execute("UPDATE jobs SET \(fragment: changes), worker = NULL, lease_until = NULL WHERE id = \(id)")
    }
}

/// How many jobs of a type may be taken.
struct JobPlaces: Sendable {
    let free: Int
    /// Running jobs of one lane, in all processes; nil for a type without lanes.
    let perLane: Int?
    /// Running jobs of all lanes with the same first part.
    let perGroup: Int

    /// Which jobs may be taken while jobs of these lanes run.
    func beside(_ lanes: [String]) -> SQL {
        let full = Dictionary(lanes.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.value >= perLane ?? .max }.keys.sorted()
        let groups = Dictionary(lanes.map { ($0.prefix { $0 != "/" } + "/", 1) }, uniquingKeysWith: +)
        var condition: SQL = full.isEmpty ? "" : " AND (lane IS NULL OR lane NOT IN \(list: full))"
        for group in groups.filter({ $0.value >= perGroup }).keys.sorted() {
            // What stands after the slash is an id, which sorts before the sign after the slash.
            condition = condition + " AND (lane IS NULL OR lane < \(String(group)) OR lane >= \(String(group.dropLast()) + "0"))"
        }
        return condition
    }
}

/// How an attempt ended.
enum JobEnd: Sendable {
    case done, cancelled
    case dead(String)
    /// To be tried again after the pause.
    case retry(Duration, String)
    /// Its process died: to be tried again after the pause, and not held against it.
    case orphaned(Duration, String)
    /// Put back as if it had not been tried: this process is going.
    case released

    var name: String {
        switch self {
        case .done: "done"
        case .cancelled: "cancelled"
        case .dead: "dead"
        case .retry: "retry"
        case .orphaned: "orphaned"
        case .released: "released"
        }
    }
}
