import Logging
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTelemetry
import ParleyTesting
import ServiceLifecycle
import Synchronization

/// What the tests' jobs carry.
struct Work: Codable, Sendable, Equatable {
    var name: String
}

/// A queue on a fresh database with a clock that can be held.
struct Workshop: Sendable {
    let database: Database
    let clock: HeldClock
    let queue: JobQueue
    let people = People()

    init(_ database: Database, clock: HeldClock = HeldClock()) {
        (self.database, self.clock) = (database, clock)
        queue = JobQueue(database: database, clock: clock)
    }

    static func with(_ dialect: Dialect, _ body: (Workshop) async throws -> Void) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations) { try await body(Workshop($0)) }
    }

    /// A second process on the same rows.
    func another() -> Workshop { Workshop(database, clock: clock) }

    @discardableResult
    func enqueue(_ type: JobType<Work>, _ name: String = "work", unique: String? = nil, after delay: Duration = .zero) async throws -> JobID
    {
        try await database.write {
            try queue.enqueue(type, Work(name: name), principal: nil, subject: name, unique: unique, after: delay, in: $0)
        }
    }

    func state(_ id: JobID) async throws -> JobState? { try await queue.job(id)?.state }

    /// Runs a processor while the body does, then shuts it down gracefully.
    func running<T: Sendable>(
        _ handlers: [JobHandler], drain: Duration = .seconds(5), isAlone: Bool = false,
        pace: JobPace = JobPace(poll: .milliseconds(50)) { _ in .zero },
        _ body: @Sendable () async throws -> T
    ) async throws -> T {
        let authority = JobAuthority(principals: people, authorizer: .test(people))
        let processor = JobProcessor(
            queue: queue, handlers: handlers, authority: authority, telemetry: .silent(), drain: drain, isAlone: isAlone, pace: pace)
        let group = ServiceGroup(services: [processor], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }
}

/// Everybody may do everything everywhere until they are sent away.
final class People: PrincipalSource, MembershipSource {
    private let gone = Mutex<Set<UserID>>([])

    func sendAway(_ user: UserID) { gone.withLock { _ = $0.insert(user) } }

    func principal(_ reference: PrincipalReference) async throws -> Principal? {
        .test(reference.user, key: reference.key)
    }
    func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole? {
        gone.withLock { $0.contains(user) } ? nil : .owner
    }
    func projectExists(_ project: ProjectID) async throws -> Bool { true }
}

/// Notes of what handlers did.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// Lets one task through once it is opened.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    /// - Throws: `CancellationError` when the task is cancelled before.
    func pass() async throws {
        for await _ in stream {}
        try Task.checkCancellation()
    }
}

/// Ends with a `CancellationError` alone.
func forever() async throws { try await Task.sleep(for: .seconds(3600)) }

struct Failure: Error, CustomStringConvertible {
    let description = "it went wrong"
}

/// Counts how much runs at the same time.
final class Meter: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }
    var now: Int { state.withLock { $0.now } }

    func measure(_ body: () async throws -> Void) async rethrows {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
        defer { state.withLock { $0.now -= 1 } }
        try await body()
    }
}
