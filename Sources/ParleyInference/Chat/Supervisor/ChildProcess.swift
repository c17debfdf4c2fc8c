internal import Foundation
internal import Glibc
internal import Synchronization

/// A child process with pipes for its standard input and output. None of our other files reach it, and no other child of ours
/// holds its pipes open, which Foundation's `Process` does not promise on Linux.
final class ChildProcess: Sendable {
    /// Why the system refused.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32
        var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    let identifier: Int32
    let input: FileHandle
    let output: FileHandle
    /// True once the child has been waited for: its number may be another's by now.
    private let isReaped = Mutex(false)

    /// - Parameter onEnd: gets the exit status, or the negative number of the signal that ended the child; on a thread of its own.
    /// - Throws: `Failure`.
    init(executable: String, arguments: [String], environment: [String: String], onEnd: @escaping @Sendable (Int32) -> Void) throws {
        let (inputRead, inputWrite) = try Self.pipe()
        let (outputRead, outputWrite) = try Self.pipe()
        input = inputWrite
        output = outputRead
        identifier = try Self.spawn(
            executable, [executable] + arguments, environment.map { "\($0.key)=\($0.value)" }, inputRead.fileDescriptor,
            outputWrite.fileDescriptor)
        try inputRead.close()
        try outputWrite.close()
        Thread.detachNewThread { onEnd(self.wait()) }
    }

    /// Ends the child, and what it may have started itself, at once.
    func kill() {
        isReaped.withLock { if !$0 { _ = Glibc.kill(-identifier, SIGKILL) } }
    }

    /// Blocks until the child ends.
    private func wait() -> Int32 {
        var information = siginfo_t()
        // Leaves the number in use until the lock is held, so that `kill` never meets a stranger.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
            isReaped = true
            let signal = status & 0x7F
            return signal == 0 ? (status >> 8) & 0xFF : -signal
        }
    }

    /// A pipe that other children do not inherit.
    private static func pipe() throws -> (read: FileHandle, write: FileHandle) {
        var descriptors: [Int32] = [-1, -1]
        guard Glibc.pipe(&descriptors) == 0 else { throw Failure(call: "pipe", code: errno) }
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return (
            FileHandle(fileDescriptor: descriptors[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: descriptors[1], closeOnDealloc: true)
        )
    }

    /// What is open in this process beyond the standard three.
    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.filter { $0 > 2 }
    }

    private static func spawn(_ executable: String, _ arguments: [String], _ environment: [String], _ input: Int32, _ output: Int32) throws
        -> Int32
    {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        // Only the standard three go along, and a fresh group, so that a Ctrl-C for us is not one for the child.
        for descriptor in openDescriptors() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var child: Int32 = 0
        let code = withCStringList(arguments) { arguments in
            withCStringList(environment) { posix_spawn(&child, executable, &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { throw Failure(call: "posix_spawn", code: code) }
        return child
    }
}

/// Calls `body` with a NULL-terminated list of C strings that live as long as the call.
private func withCStringList<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
}
