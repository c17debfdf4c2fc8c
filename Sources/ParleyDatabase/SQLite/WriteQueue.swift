import GRDB
import NIOPosix
import ParleyCore
import ParleyTelemetry
import Synchronization

/// The one writer of an SQLite file. Writes that wait for each other are carried out in one transaction, each in a savepoint of
/// its own, since what takes time is waiting for the disk at the commit: once for all of them. Nobody is answered before it. Writes that
/// somebody waits for go before those of background work, which get every few transactions one for themselves.
final class WriteQueue: Sendable {
    /// A piece of work and who waits for it.
    private struct Write: Sendable {
        let run: @Sendable (GRDB.Database) throws -> Void
        let finish: @Sendable ((any Error)?) -> Void
        /// Whether it must have a transaction of its own and cannot run twice.
        let isAlone: Bool
    }

    private struct State {
        var awaited = Line<Write>()
        var background = Line<Write>()
        /// Transactions in which background writes were passed over.
        var passed = 0
        var isRunning = false
        /// Whether a transaction is open; over before who wrote is answered.
        var isBusy = false
        var isSweeping = false
        var isClosed = false

        var count: Int { awaited.count + background.count }

        /// The writes that share the next transaction.
        mutating func take() -> [Write] {
            let isBackgroundsTurn = background.count > 0 && (awaited.count == 0 || passed >= WriteQueue.patience)
            passed = isBackgroundsTurn || background.count == 0 ? 0 : passed + 1
            return isBackgroundsTurn ? Self.take(&background, WriteQueue.backgroundGroup) : Self.take(&awaited, WriteQueue.group)
        }

        private static func take(_ line: inout Line<Write>, _ most: Int) -> [Write] {
            var group: [Write] = []
            while group.count < most, let write = line.next(where: { group.isEmpty || !$0.isAlone }) {
                group.append(write)
                if write.isAlone { break }
            }
            return group
        }

        mutating func late(after limit: Duration) -> (late: [Write], next: Duration?) {
            let (first, second) = (awaited.late(after: limit), background.late(after: limit))
            return (first.late + second.late, [first.next, second.next].compactMap { $0 }.min())
        }
    }

    /// How many writes share a commit at most.
    private static let group = 64
    /// The same of background writes, which are larger: who comes meanwhile waits for them.
    private static let backgroundGroup = 8
    /// How many transactions background writes let pass before them.
    private static let patience = 4

    private let connections: any DatabaseWriter
    private let limit: Duration
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    init(_ connections: any DatabaseWriter, waitLimit: Duration) {
        (self.connections, limit) = (connections, waitLimit)
        thread.start()
    }

    var load: Database.Load {
        state.withLock { Database.Load(connections: 1, inUse: $0.isBusy ? 1 : 0, waiting: $0.count) }
    }

    /// Carries out the work in order of arrival among those of its urgency, even when the task is cancelled. The work is part of the caller's trace; it may
    /// run twice, unless it is to be alone.
    /// - Throws: `DatabaseError` with `.busy` when its turn did not come in time, or what the work throws.
    func perform<T: Sendable>(isAlone: Bool, _ work: @escaping @Sendable (GRDB.Database) throws -> T) async throws -> T {
        let (trace, urgency) = (TraceContext.current, WriteUrgency.current)
        return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
            let box = Box<T>()
            let write = Write(
                run: { database in try TraceContext.$current.withValue(trace) { box.put(try work(database)) } },
                finish: { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume(with: box.result) }
                }, isAlone: isAlone)
            add(write, urgency)
        }
    }

    /// Refuses new work and waits for what runs.
    func close() async {
        let waiting = state.withLock { state in
            state.isClosed = true
            return state.awaited.removeAll() + state.background.removeAll()
        }
        for write in waiting { write.finish(Self.closed) }
        try? await thread.shutdownGracefully()
    }

    private static let closed = DatabaseError(.connection, "the database is closed")

    private func add(_ write: Write, _ urgency: WriteUrgency) {
        let (isRefused, isFirst) = state.withLock { state in
            if state.isClosed { return (true, false) }
            if urgency == .awaited { state.awaited.append(write) } else { state.background.append(write) }
            defer { state.isRunning = true }
            if state.isRunning, !state.isSweeping {
                state.isSweeping = true
                LineWatch.start(in: limit) { [weak self] in self?.turnAway() }
            }
            return (false, !state.isRunning)
        }
        if isRefused { return write.finish(Self.closed) }
        if isFirst { thread.submit { _ in self.work() } }
    }

    /// Carries out what waits until nothing does.
    private func work() {
        while true {
            let group = state.withLock { state in
                let group = state.take()
                (state.isRunning, state.isBusy) = (!group.isEmpty, !group.isEmpty)
                return group
            }
            if group.isEmpty { return }
            if group.count == 1 || !commit(group) { for write in group { commit(write) } }
        }
    }

    private func commit(_ write: Write) {
        var failure: (any Error)?
        do { try translatingErrors { try connections.write { try write.run($0) } } } catch { failure = error }
        state.withLock { $0.isBusy = false }
        write.finish(failure)
    }

    /// - Returns: whether the transaction was committed; if not, nothing of it was done and nobody has been answered.
    private func commit(_ group: [Write]) -> Bool {
        var failures: [(any Error)?] = []
        do {
            try connections.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for write in group {
                        failures.append(Self.step(write, database))
                        // Some errors, such as a full disk, undo the whole transaction.
                        if !database.isInsideTransaction { throw Self.undone }
                    }
                    return .commit
                }
            }
        } catch {
            return false
        }
        state.withLock { $0.isBusy = false }
        for (write, failure) in zip(group, failures) { write.finish(failure) }
        return true
    }

    private static let undone = DatabaseError(.other, "the transaction was undone")

    private static func step(_ write: Write, _ database: GRDB.Database) -> (any Error)? {
        do {
            try translatingErrors {
                try database.inSavepoint {
                    try write.run(database)
                    return .commit
                }
            }
            return nil
        } catch {
            return error
        }
    }

    /// Turns away who waited too long; when to look again.
    private func turnAway() -> Duration? {
        let (late, next) = state.withLock { state in
            let found = state.late(after: limit)
            state.isSweeping = found.next != nil
            return found
        }
        for write in late { write.finish(DatabaseError(.busy, "the writer did not become free within \(limit)")) }
        return next
    }
}

/// What a write gave, until it is committed.
private final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ new: Value) { value.withLock { $0 = new } }

    var result: Result<Value, any Error> {
        value.withLock { $0.map { .success($0) } ?? .failure(DatabaseError(.other, "a write gave nothing")) }
    }
}
