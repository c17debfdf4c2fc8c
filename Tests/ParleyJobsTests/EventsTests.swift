import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import ParleyJobs

@Suite(.timeLimit(.minutes(1))) struct EventsTests {
    private func draft(_ subject: String) -> EventDraft {
        EventDraft(kind: "test.happened", project: nil, subject: subject, actor: nil, payload: ["subject": .string(subject)])
    }

    @Test(arguments: TestDatabases.all) func eventsComeInOrderWithAllTheyHold(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations) { database in
            let clock = HeldClock()
            let events = Events(database: database, clock: clock)
            let (project, user) = (ProjectID(at: clock.now()), UserID(at: clock.now()))
            try await database.write { connection in
                try events.append(
                    EventDraft(kind: "document.ready", project: project, subject: "doc", actor: user, payload: ["pages": 3]), in: connection
                )
                try events.append(draft("second"), in: connection)
            }
            let read = try await first(2, of: events)
            #expect(read.map(\.kind) == ["document.ready", "test.happened"])
            #expect(read[0].project == project && read[0].actor == user && read[0].subject == "doc")
            #expect(read[0].payload == ["pages": 3] && read[0].at == clock.now())
            #expect(try await events.read(after: read[0].position, limit: 10) == [read[1]])
            #expect(try await events.read(after: .start, limit: 1) == [read[0]])
            let later = try await events.end()
            try await database.write { try events.append(draft("third"), in: $0) }
            #expect(try await first(1, of: events, after: later).map(\.subject) == ["third"])
            #expect(EventPosition(read[1].position.description) == read[1].position)
            #expect(EventPosition("nonsense") == nil)
        }
    }

    @Test(arguments: TestDatabases.all) func oldOnesAreForgotten(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations) { database in
            let clock = HeldClock()
            let events = Events(database: database, clock: clock)
            let retention = EventRetention(database: database, clock: clock, telemetry: .silent(), retention: .seconds(100))
            try await database.write { for number in 0..<1203 { try events.append(draft("\(number)"), in: $0) } }
            #expect(try await retention.round() == 0)
            clock.advance(by: .seconds(50))
            try await database.write { try events.append(draft("later"), in: $0) }
            clock.advance(by: .seconds(60))
            #expect(try await retention.round() == 1203)
            #expect(try await first(1, of: events, after: .start).map(\.subject) == ["later"])
            let place = try await events.end()
            clock.advance(by: .seconds(1000))
            #expect(try await retention.round() == 0, "the newest stays")
            try await database.write { try events.append(draft("new"), in: $0) }
            #expect(try await first(1, of: events, after: place).map(\.subject) == ["new"])
        }
    }

    @Test(arguments: TestDatabases.all) func manyListenOverOneReader(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations) { database in
            let events = Events(database: database, clock: SystemClock())
            let broadcast = EventBroadcast(events, silence: .milliseconds(50))
            let running = Task { try await broadcast.run() }
            for number in 0..<3 { try await database.write { try events.append(draft("\(number)"), in: $0) } }
            let end = try await broadcast.end()
            var (late, early) = (broadcast.listen(after: end), broadcast.listen(after: .start))
            for number in 3..<6 { try await database.write { try events.append(draft("\(number)"), in: $0) } }
            func subjects(_ listener: inout EventBroadcast.Listener, _ count: Int) async throws -> [String] {
                var heard: [String] = []
                while heard.count < count, let news = try await listener.next() {
                    if case .event(let event) = news { heard.append(event.subject) }
                }
                return heard
            }
            #expect(try await subjects(&late, 3) == ["3", "4", "5"])
            #expect(try await subjects(&early, 6) == ["0", "1", "2", "3", "4", "5"], "it joined later than it begins")
            let told = try await late.next()
            guard case .silence? = told else {
                Issue.record("silence was not told: \(String(describing: told))")
                return
            }
            running.cancel()
            while let news = try await late.next() { if case .event = news { Issue.record("nothing more happened") } }
            try await running.value
        }
    }

    @Test(arguments: TestDatabases.all) func whatIsUndoneWasNeverTold(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations) { database in
            struct Stop: Error {}
            let events = Events(database: database, clock: SystemClock())
            await #expect(throws: Stop.self) {
                try await database.write { connection in
                    try events.append(draft("no"), in: connection)
                    throw Stop()
                }
            }
            try await database.write { try events.append(draft("yes"), in: $0) }
            #expect(try await first(1, of: events).map(\.subject) == ["yes"])
        }
    }

    @Test(arguments: TestDatabases.all) func aFollowerIsWokenAndHasLeft(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations) { database in
            let events = Events(database: database, clock: SystemClock())
            try await database.write { try events.append(draft("before"), in: $0) }
            let begin = try #require(try await first(1, of: events).first).position
            let follower = Task {
                var seen: [String] = []
                for try await event in events.follow(after: begin) {
                    seen.append(event.subject)
                    if seen.count == 300 { break }
                }
                return seen
            }
            for n in 0..<300 { try await database.write { try events.append(draft("\(n)"), in: $0) } }
            #expect(try await follower.value == (0..<300).map(String.init))

            let waiting = Task { try await events.follow().first { _ in true } }
            waiting.cancel()
            #expect(try await waiting.value == nil)
        }
    }

    @Test func aFollowerHearsOfOtherProcesses() async throws {
        try await TestDatabases.withURL(.postgres, JobsSchema.migrations) { url in
            let (here, there) = (try await TestDatabases.open(url), try await TestDatabases.open(url))
            let follower = Task {
                try await Events(database: here, clock: SystemClock()).follow(after: .start).first { _ in true }
            }
            try await there.write { try Events(database: there, clock: SystemClock()).append(draft("far"), in: $0) }
            #expect(try await follower.value?.subject == "far")
            await here.close()
            await there.close()
        }
    }

    /// The lower number commits last: who remembers "I have read up to number 2" never sees number 1.
    @Test func aLateCommitIsNotSkipped() async throws {
        try await TestDatabases.with(.postgres, JobsSchema.migrations) { database in
            let events = Events(database: database, clock: SystemClock())
            let slow = HeldWrite(database) { try events.append(draft("slow"), in: $0) }
            await slow.hasWritten()
            try await database.write { try events.append(draft("quick"), in: $0) }

            #expect(try await naive(database, after: 0) == [2])
            #expect(try await events.read(after: .start, limit: 10).isEmpty)
            try await slow.commit()
            #expect(try await naive(database, after: 2) == [], "the naive reader has skipped number 1")
            #expect(try await first(2, of: events).map(\.subject) == ["slow", "quick"])
        }
    }

    /// The older transaction takes the higher number: a watermark alone, with positions that are numbers, skips here too.
    @Test func aHigherNumberOfAnOlderTransactionSkipsNothing() async throws {
        try await TestDatabases.with(.postgres, JobsSchema.migrations) { database in
            let events = Events(database: database, clock: SystemClock())
            try await database.write { try $0.execute("CREATE TABLE other (n BIGINT)") }
            let older = HeldWrite(database) {
                try $0.execute("INSERT INTO other VALUES (1)")
            } then: {
                try events.append(draft("older"), in: $0)
            }
            await older.hasWritten()
            let younger = HeldWrite(database) { try events.append(draft("younger"), in: $0) }
            await younger.hasWritten()
            try await older.commit()

            let early = try await first(1, of: events)
            #expect(early.map(\.subject) == ["older"])
            try await younger.commit()
            let rest = try await first(1, of: events, after: #require(early.first).position)
            #expect(rest.map(\.subject) == ["younger"])
            #expect(numbers(early) == [2] && numbers(rest) == [1])
        }
    }

    @Test func manyWritersOutOfOrderLoseNothing() async throws {
        try await TestDatabases.with(.postgres, JobsSchema.migrations, connections: 12) { database in
            let events = Events(database: database, clock: SystemClock())
            let total = 200
            let follower = Task {
                var seen: [String] = []
                for try await event in events.follow(after: .start) {
                    seen.append(event.subject)
                    if seen.count == total { break }
                }
                return seen
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<total {
                    group.addTask {
                        let held = useconds_t.random(in: 0...5000)
                        try await database.write { connection in
                            try events.append(draft("\(n)"), in: connection)
                            usleep(held)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(Set(try await follower.value).count == total)
        }
    }

    /// The events after the position, awaited: on PostgreSQL an older transaction of any database hides them for its time.
    private func first(_ count: Int, of events: Events, after position: EventPosition = .start) async throws -> [Event] {
        var found: [Event] = []
        for try await event in events.follow(after: position) {
            found.append(event)
            if found.count == count { break }
        }
        return found
    }

    /// What a reader gets that remembers numbers.
    private func naive(_ database: Database, after number: Int) async throws -> [Int] {
        try await database.read {
            try $0.rows("SELECT number FROM events WHERE number > \(number) ORDER BY number").map { try $0["number"] }
        }
    }

    private func numbers(_ events: [Event]) -> [Int] {
        events.compactMap { $0.position.description.split(separator: "-").last.flatMap { Int($0) } }
    }
}

/// A transaction that stays open between its work and its commit.
private final class HeldWrite: Sendable {
    private let written = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)
    private let task: Task<Void, any Error>

    init(
        _ database: Database, _ body: @escaping @Sendable (Connection) throws -> Void,
        then last: @escaping @Sendable (Connection) throws -> Void = { _ in }
    ) {
        task = Task { [written, released] in
            try await database.write { connection in
                try body(connection)
                written.signal()
                released.wait()
                try last(connection)
            }
        }
    }

    func hasWritten() async {
        await withCheckedContinuation { continuation in
            Thread { [written] in
                written.wait()
                continuation.resume()
            }.start()
        }
    }

    func commit() async throws {
        released.signal()
        try await task.value
    }
}
