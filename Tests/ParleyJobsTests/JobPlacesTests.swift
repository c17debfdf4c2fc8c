import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyJobs

/// Who gets the places of a type.
@Suite(.timeLimit(.minutes(2))) struct JobPlacesTests {
    private let moment = Timestamp(milliseconds: 1_790_000_000_000)

    private func heads(_ lanes: [String]) -> [LaneHead] { lanes.sorted().map { LaneHead(lane: $0, job: JobID(at: moment)) } }

    /// The lanes of those that are chosen while these run.
    private func chosen(_ places: inout JobPlaces, _ waiting: [String], beside running: [String] = []) -> [String] {
        places.set(running: running)
        let heads = heads(waiting)
        return places.choose(heads).compactMap { job in heads.first { $0.job == job }?.lane }
    }

    @Test func nobodyTakesMoreThanHalfWhileOthersWait() {
        var places = JobPlaces(4, .fair)
        #expect(chosen(&places, ["a/x", "a/y", "a/z", "b/u"]).count(where: { $0.hasPrefix("a/") }) == 2, "a project")
        #expect(chosen(&places, ["a/x", "b/x", "c/x", "d/u"]).count(where: { $0.hasSuffix("/x") }) == 2, "a person")
        #expect(chosen(&places, ["a/x", "b/u"], beside: ["a/x", "a/x"]) == ["b/u"])
        #expect(chosen(&places, ["a/x"], beside: ["a/x", "a/x"]) == ["a/x"], "nobody else waits")
        #expect(chosen(&places, ["a/x"], beside: ["a/x", "a/x", "a/x"]) == [], "the last place is for who comes")
        #expect(chosen(&places, ["b/u"], beside: ["a/x", "a/x", "a/x"]) == ["b/u"])
        var single = JobPlaces(1, .fair)
        #expect(chosen(&single, ["a/x"]) == ["a/x"])
        var capped = JobPlaces(6, .capped(perMember: 2))
        #expect(chosen(&capped, ["a/x"], beside: ["a/x", "a/x"]) == [])
        #expect(chosen(&capped, ["a/z"], beside: ["a/x", "a/x", "a/y"]) == [])
    }

    @Test func theyTakeTurns() {
        var places = JobPlaces(2, .fair)
        var served: [String] = []
        for _ in 0..<6 {
            for lane in chosen(&places, ["a/x", "a/y", "b/u", "c/v"], beside: ["d/w"]) {
                places.take(lane)
                served.append(lane)
            }
        }
        #expect(served.map { $0.prefix(1) } == ["a", "b", "c", "a", "b", "c"], "projects")
        #expect(served[0] != served[3], "and people within one")
    }

    @Test func whoIsBeyondTheFirstLookIsSeenInTheNext() {
        var places = JobPlaces(4, .fair)
        let first = (0..<JobLeases.window).map { "a/\($0)" }
        #expect(chosen(&places, first, beside: ["a/0", "a/1"]) == [], "others may wait beyond")
        #expect(places.cursor == first.sorted().last)
        #expect(chosen(&places, ["b/u"], beside: ["a/0", "a/1"]) == ["b/u"])
        #expect(places.cursor == nil)
    }

    @Test(arguments: TestDatabases.all) func aBatchDoesNotHoldUpAnothersSingleJob(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let type = JobType<Work>("test.fair", concurrency: 4, sharing: .fair, priority: .low)
            let (notes, gate, meter) = (Notes(), Gate(), Meter())
            let handler = JobHandler(type) { work, _ in
                if work.name == "batch" { try await meter.measure { try await gate.pass() } }
                notes.add(work.name)
            }
            try await shop.database.write { connection in
                for _ in 0..<30 { try shop.queue.enqueue(type, Work(name: "batch"), principal: nil, lane: "a/x", in: connection) }
            }
            try await shop.running([handler]) {
                while meter.most < 3 { try await Task.sleep(for: .milliseconds(2)) }
                for name in ["b/u", "c/v"] {
                    try await shop.database.write { try shop.queue.enqueue(type, Work(name: name), principal: nil, lane: name, in: $0) }
                }
                while notes.all.count < 2 { try await Task.sleep(for: .milliseconds(2)) }
                #expect(notes.all == ["b/u", "c/v"] && meter.most == 3)
                gate.open()
                try await shop.queue.idle()
            }
            #expect(try await shop.queue.counts() == [.done: 32])
        }
    }

    /// However many jobs wait in each lane, each is looked at by one step in the index.
    @Test(arguments: TestDatabases.all) func lookingGoesByTheIndex(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let type = JobType<Work>("test.fair", concurrency: 4, sharing: .fair)
            try await shop.database.write { connection in
                for _ in 0..<2000 { try shop.queue.enqueue(type, Work(name: "w"), principal: nil, lane: "a/x", in: connection) }
                try shop.queue.enqueue(type, Work(name: "w"), principal: nil, lane: "b/u", in: connection)
                if dialect == .postgres { try connection.execute("ANALYZE jobs") }
            }
            let query = JobLeases.heads(of: type.name, after: nil, shop.clock.now())
            let plan = try await shop.database.read { connection in
                let explain: SQL = dialect == .sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
                return try connection.rows(explain + query).map { try $0[dialect == .sqlite ? "detail" : "QUERY PLAN"] as String }
            }
            let looks = plan.filter { $0.contains(" jobs") && ($0.contains("SEARCH") || $0.uppercased().contains("SCAN")) }
            #expect(looks.count >= 2 && looks.allSatisfy { $0.contains("jobs_by_lane") }, "\(plan.joined(separator: "\n"))")
            #expect(!plan.contains { $0.contains("Sort") || $0.contains("TEMP B-TREE") }, "\(plan.joined(separator: "\n"))")
        }
    }

    @Test(arguments: TestDatabases.all) func takingIsQuickHoweverManyWait(_ dialect: Dialect) async throws {
        try await Workshop.with(dialect) { shop in
            let type = JobType<Work>("test.fair", concurrency: 4, sharing: .fair)
            try await shop.database.write { connection in
                let one = try shop.queue.enqueue(type, Work(name: "w"), principal: nil, lane: "a/x", in: connection)
                try connection.execute(
                    """
                    INSERT INTO jobs (id, type, payload, lane, priority, state, max_attempts, run_at, cancel_requested, created_at)
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
                    SELECT substr(id, 1, length(id) - 6) || substr(CAST(1000000 + n AS TEXT), 2), type, payload, lane, priority, state,
                        max_attempts, run_at, cancel_requested, created_at
                    FROM jobs, numbers WHERE id = \(one) ON CONFLICT (id) DO NOTHING
                    """)
            }
            shop.clock.advance(by: .seconds(1))
            try await shop.database.write { try shop.queue.enqueue(type, Work(name: "w"), principal: nil, lane: "b/u", in: $0) }
            let leases = JobLeases(database: shop.database, clock: shop.clock, duration: .seconds(30), worker: "here")
            var places = [type.name: JobPlaces(4, .fair)]
            #expect(Set(try await leases.claim(&places).map(\.lane)) == ["a/x", "b/u"])
            var times: [Duration] = []
            for _ in 0..<20 {
                places[type.name]?.set(running: ["a/x", "c/v", "d/w"])
                let begun = ContinuousClock.now
                #expect(try await leases.claim(&places).map(\.lane) == ["a/x"])
                times.append(begun.duration(to: .now))
            }
            #expect(times.sorted()[10] < .milliseconds(50))
        }
    }
}
