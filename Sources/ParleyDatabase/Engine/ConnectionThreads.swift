import NIOPosix
import ParleyTelemetry

/// Threads for blocking work, with a bounded wait for one that is free.
final class ConnectionThreads: Sendable {
    private let turns: Turns
    private let pool: NIOThreadPool

    init(_ count: Int, waitLimit: Duration) {
        turns = Turns(count, limit: waitLimit)
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    var load: Database.Load { Database.Load(connections: turns.places, inUse: turns.inUse, waiting: turns.waiting) }

    /// Runs blocking work on one of the threads, in order of arrival. A call once made is carried out even when its task is
    /// cancelled. The work is part of the caller's trace.
    /// - Throws: `DatabaseError` with `.busy` when no thread became free in time, or what the work throws.
    func perform<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await turns.take()
        defer { turns.giveBack() }
        let trace = TraceContext.current
        return try await withCheckedThrowingContinuation { continuation in
            pool.submit { state in
                switch state {
                case .active: continuation.resume(with: Result { try TraceContext.$current.withValue(trace) { try work() } })
                case .cancelled: continuation.resume(throwing: DatabaseError(.connection, "the database is closed"))
                }
            }
        }
    }

    /// Refuses new work and waits for what runs.
    func close() async {
        turns.close()
        try? await pool.shutdownGracefully()
    }
}
