import CSpawn
public import Foundation
import Synchronization

/// A child process. It gets nothing of ours but what its setup names: no environment, no open files, no blocked or ignored signals.
///
/// Foundation's `Process` promises none of this on Linux, and swift-subprocess neither limits a child nor hands it files alone.
public final class ChildProcess: Sendable {
    /// How a child ended.
    public enum End: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    /// What a child reads as its standard input.
    public enum Input: Sendable {
        case nothing, pipe
    }

    /// Where what a child writes goes.
    public enum Output: Sendable {
        case nothing, pipe
        /// Where ours goes.
        case inherited
        /// A file, made or emptied.
        case file(URL)
    }

    /// What is started and how.
    public struct Setup: Sendable {
        /// An absolute path.
        public var executable: String
        public var arguments: [String]
        public var environment = ["LC_ALL": "C.UTF-8"]
        /// The folder it works in; nil for ours.
        public var folder: URL?
        public var input = Input.nothing
        public var output = Output.nothing
        /// Of standard error; a pipe is not offered.
        public var messages = Output.nothing
        /// Whether it leads a process group of its own, which ends with it. One in our group ends with ours.
        public var leadsGroup = true

        public init(_ executable: String, _ arguments: [String] = []) { (self.executable, self.arguments) = (executable, arguments) }
    }

    /// Why the system refused.
    public struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32
        public var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    public let identifier: Int32
    /// Our ends of its pipes.
    public let input: FileHandle?
    public let output: FileHandle?
    private let leadsGroup: Bool
    private let onEnd: @Sendable (End) -> Void
    private let state = Mutex(State())

    private struct State {
        var end: End?
        var waiters: [CheckedContinuation<End, Never>] = []
    }

    /// - Parameter onEnd: is told how it ended, on a thread of its own.
    /// - Throws: `Failure` when it cannot be started.
    public init(_ setup: Setup, onEnd: @escaping @Sendable (End) -> Void = { _ in }) throws {
        let plumbing = try ChildPlumbing(setup)
        identifier = try plumbing.spawn()
        (input, output) = (plumbing.input?.ours, plumbing.output?.ours)
        (leadsGroup, self.onEnd) = (setup.leadsGroup, onEnd)
        Thread.detachNewThread { self.reap() }
    }

    /// How it ended, once it has.
    public func ended() async -> End {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiters.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    /// How it ended. Past the time, or when the task is cancelled, it is killed with its whole group; it is reaped in every case.
    /// - Returns: nil when the time was over.
    /// - Throws: `CancellationError`.
    public func ended(within limit: Duration) async throws -> End? {
        let end = await withTaskGroup(of: End?.self) { group in
            group.addTask { await self.ended() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            if first == nil { kill() }
            group.cancelAll()
            return first
        }
        try Task.checkCancellation()
        return end
    }

    /// Ends it, and what it has started itself, at once.
    public func kill() {
        // The lock keeps its number from becoming another's meanwhile.
        state.withLock { if $0.end == nil { _ = Foundation.kill(leadsGroup ? -identifier : identifier, SIGKILL) } }
    }

    /// Blocks until it ends, and ends what is left of its group.
    private func reap() {
        var information = siginfo_t()
        // Leaves the number in use until the lock is held, so that `kill` never meets a stranger.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}  // fits: a child's id is above 0
        let (end, waiters) = state.withLock { state in
            if leadsGroup { _ = Foundation.kill(-identifier, SIGKILL) }
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
            let signal = status & 0x7F
            let end: End = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
            state.end = end
            defer { state.waiters = [] }
            return (end, state.waiters)
        }
        onEnd(end)
        for waiter in waiters { waiter.resume(returning: end) }
    }
}
