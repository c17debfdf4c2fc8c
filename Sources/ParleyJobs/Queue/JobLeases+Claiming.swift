import ParleyCore
import ParleyDatabase

/// The job of a lane that is to be taken first; nil where none is due.
struct LaneHead: Sendable {
    let lane: String
    let job: JobID?
}

extension JobLeases {
    /// Lanes that are looked at in one go; the next look begins where the last one ended.
    static let window = 100

    /// Takes jobs that are due, for each type up to its free places. Suspects are left alone.
    func claim(_ places: inout [String: JobPlaces]) async throws -> [LeasedJob] {
        let now = clock.now()
        var taken: [LeasedJob] = []
        while true {
            let wanted = places.filter { $0.value.free > 0 }.sorted { $0.key < $1.key }
            // Looking takes no lock: an idle process does not disturb who writes.
            let looks = try await database.read { [wanted] connection in try look(wanted, now, in: connection) }
            var (chosen, limits): ([JobID], [(String, Int)]) = ([], [])
            for (type, heads) in looks {
                if let heads { chosen += places[type]?.choose(heads) ?? [] } else { limits.append((type, places[type]?.free ?? 0)) }
            }
            guard !chosen.isEmpty || !limits.isEmpty else { return taken }
            let jobs = try await database.write { [chosen, limits] connection in
                try limits.flatMap { try claim($0, limit: $1, now, in: connection) } + claim(chosen, now, in: connection)
            }
            for job in jobs { places[job.type]?.take(job.lane) }
            taken += jobs
            // A lane gives one job in a go, which may be fewer than there are places.
            guard jobs.contains(where: { places[$0.type]?.isShared == true && places[$0.type]?.free ?? 0 > 0 }) else { return taken }
        }
    }

    /// The types of which a job is due; where lanes take turns, with the heads of lanes.
    private func look(
        _ wanted: [(key: String, value: JobPlaces)], _ now: Timestamp, in connection: Connection
    ) throws -> [(type: String, heads: [LaneHead]?)] {
        let due = try types(wanted.map(\.key), withJobsDueAt: now, in: connection)
        return try wanted.filter { due.contains($0.key) }.map { type, places in
            (type, places.isShared ? try heads(of: type, after: places.cursor, now, in: connection) : nil)
        }
    }

    /// Which of these types have a job to take now.
    private func types(_ types: [String], withJobsDueAt now: Timestamp, in connection: Connection) throws -> Set<String> {
        guard !types.isEmpty else { return [] }
        let columns = types.enumerated().map { index, type -> SQL in
            """
            EXISTS (SELECT 1 FROM jobs WHERE type = \(type) AND state = 'queued' AND \(fragment: Suspicion.none) AND run_at <= \(now))
            AS \(raw: "due\(index)")
            """
        }
        let row = try connection.row(columns.dropFirst().reduce("SELECT " + columns[0]) { $0 + ", " + $1 })
        return Set(try types.enumerated().filter { try row?["due\($0.offset)"] == true }.map(\.element))
    }

    /// Whether a job of one of these types is to be taken now.
    func isAnyDue(_ types: [String]) async throws -> Bool {
        let now = clock.now()
        return try await database.read { try !self.types(types, withJobsDueAt: now, in: $0).isEmpty }
    }

    /// The lanes in which jobs wait, in order, with the first one of each that is due: one step in the index from lane to lane,
    /// however many jobs wait in each.
    private func heads(of type: String, after cursor: String?, _ now: Timestamp, in connection: Connection) throws -> [LaneHead] {
        try connection.rows(Self.heads(of: type, after: cursor, now)).map { LaneHead(lane: try $0["lane"], job: try $0["id"]) }
    }

    static func heads(of type: String, after cursor: String?, _ now: Timestamp) -> SQL {
        let waiting: SQL = "type = \(type) AND state = 'queued' AND \(fragment: Suspicion.none)"
        let start: SQL = cursor.map { " AND lane > \($0)" } ?? ""
        return """
            WITH RECURSIVE lanes (lane, place) AS (
                SELECT * FROM (SELECT lane, 1 FROM jobs WHERE \(fragment: waiting)\(fragment: start) ORDER BY lane LIMIT 1) AS first
                UNION ALL
                SELECT (SELECT jobs.lane FROM jobs WHERE \(fragment: waiting) AND jobs.lane > lanes.lane ORDER BY jobs.lane LIMIT 1), place + 1
                FROM lanes WHERE lanes.lane IS NOT NULL AND place < \(window))
            SELECT lane, (SELECT id FROM jobs WHERE \(fragment: waiting) AND jobs.lane = lanes.lane AND run_at <= \(now) ORDER BY run_at, id LIMIT 1)
                AS id
            FROM lanes WHERE lane IS NOT NULL
            """
    }

    private func claim(_ type: String, limit: Int, _ now: Timestamp, in connection: Connection) throws -> [LeasedJob] {
        try connection.rows(
            """
            WITH due AS (
                SELECT id FROM jobs WHERE type = \(type) AND state = 'queued' AND \(fragment: Suspicion.none) AND run_at <= \(now)
                ORDER BY priority DESC, run_at, id LIMIT \(limit)\(fragment: connection.dialect.forUpdateSkipLocked))
            UPDATE jobs SET \(fragment: running(now)) WHERE id IN (SELECT id FROM due) RETURNING \(fragment: LeasedJob.columns)
            """
        ).map(LeasedJob.init)
    }

    /// Those of these jobs that nobody else has taken by now.
    private func claim(_ ids: [JobID], _ now: Timestamp, in connection: Connection) throws -> [LeasedJob] {
        guard !ids.isEmpty else { return [] }
        return try connection.rows(
            """
            UPDATE jobs SET \(fragment: running(now)) WHERE id IN \(list: ids) AND state = 'queued'
            RETURNING \(fragment: LeasedJob.columns)
            """
        ).map(LeasedJob.init)
    }

    private func running(_ now: Timestamp) -> SQL {
        "state = 'running', worker = \(worker), lease_until = \(now + duration), attempts = attempts + 1"
    }

    /// The suspect that is to be taken next; nil when none is due.
    /// - Parameter deaths: those that one may have at most.
    func suspect(_ types: [String], deaths: Int) async throws -> JobID? {
        let now = clock.now()
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT id, type FROM jobs WHERE state = 'queued' AND \(fragment: Suspicion.some) AND deaths <= \(deaths) AND run_at <= \(now)
                ORDER BY priority DESC, run_at, id LIMIT 100
                """
            ).first { types.contains(try $0["type"]) }.map { try $0["id"] }
        }
    }

    /// - Returns: nil when somebody else has taken it by now.
    func claim(suspect id: JobID) async throws -> LeasedJob? {
        let now = clock.now()
        return try await database.write { try claim([id], now, in: $0).first }
    }
}
