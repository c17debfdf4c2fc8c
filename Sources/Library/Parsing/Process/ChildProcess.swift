import CSpawn
import Foundation
import ParleyCore

/// A child in its own process group; its output and messages go to files of its folder.
struct ChildProcess {
    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
        case timeout
    }

    static let outputName = "stdout"
    static let messagesName = "stderr"
    private let pid: pid_t

    /// - Throws: `converter.failed` when it cannot be started.
    init(_ command: [String], folder: URL) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let creating = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.appending(path: Self.outputName).path, creating, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.appending(path: Self.messagesName).path, creating, 0o600)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, folder.path)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.resetSignals(&attributes)
        pid = try Self.spawn(command, &actions, &attributes)
    }

    /// Own group, no blocked signals, default handling: a server ignores SIGPIPE, a child must not inherit that.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func spawn(
        _ command: [String], _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C.UTF-8"), nil]
        defer { for pointer in arguments + environment { free(pointer) } }
        var pid = pid_t()
        let failure = posix_spawn(&pid, command.first ?? "", &actions, &attributes, &arguments, &environment)
        guard failure == 0 else {
            throw ParleyError(
                .converterFailed, "A program that reads documents could not be started.",
                cause: POSIXError(.init(rawValue: failure) ?? .EINVAL))
        }
        return pid
    }

    /// Waits for the end, looking ever more rarely, up to 50 times a second. Kills the whole group past the time or when cancelled;
    /// the child is reaped in every case.
    func wait(seconds: Int) async throws -> End {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var pause = Duration.milliseconds(1)
        while ContinuousClock.now < deadline {
            if let end = reap(WNOHANG) { return end }
            do { try await Task.sleep(for: pause) } catch {
                kill()
                throw error
            }
            pause = min(pause * 2, .milliseconds(20))
        }
        if let end = reap(WNOHANG) { return end }
        kill()
        return .timeout
    }

    private func kill() {
        Foundation.kill(-pid, SIGKILL)
        _ = reap(0)
    }

    private func reap(_ options: Int32) -> End? {
        var status: Int32 = 0
        var result = waitpid(pid, &status, options)
        while result == -1 && errno == EINTR { result = waitpid(pid, &status, options) }
        if result == -1 { return .signal(SIGKILL) }
        guard result == pid else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }
}
