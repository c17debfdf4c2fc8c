import Foundation
import ParleyCore
import UnixSignals

/// Runs work that leaves nothing behind when it is cancelled, as it is by SIGINT, SIGTERM and SIGHUP.
/// - Throws: `unavailable` when a signal ended it, or what the work throws.
func untilSignalled<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
    // A reader that went away is an error like others, after which there is something to tidy up.
    signal(SIGPIPE, SIG_IGN)
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    return try await withThrowingTaskGroup(of: T?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            for await _ in signals { break }
            return nil
        }
        defer { group.cancelAll() }
        if let result = try await group.next().flatMap({ $0 }) { return result }
        group.cancelAll()
        _ = try? await group.next()
        throw ParleyError(.unavailable, "Stopped before it was done; nothing is left behind.")
    }
}
