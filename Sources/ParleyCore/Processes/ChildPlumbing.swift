import CSpawn
import Foundation

/// The pipes of a child and the call that starts it.
struct ChildPlumbing {
    /// Closed at our side when the last user of the handle lets go, at the child's when this value goes.
    struct Pipe {
        let ours: FileHandle
        let theirs: FileHandle
    }

    private let setup: ChildProcess.Setup
    let input: Pipe?
    let output: Pipe?

    /// - Throws: `ChildProcess.Failure`.
    init(_ setup: ChildProcess.Setup) throws {
        self.setup = setup
        if case .pipe = setup.input { input = try Self.pipe(weRead: false) } else { input = nil }
        if case .pipe = setup.output { output = try Self.pipe(weRead: true) } else { output = nil }
    }

    /// A pipe that no other child inherits.
    private static func pipe(weRead: Bool) throws -> Pipe {
        var descriptors: [Int32] = [-1, -1]
        guard pipe2(&descriptors, O_CLOEXEC) == 0 else { throw ChildProcess.Failure(call: "pipe2", code: errno) }
        let handles = descriptors.map { FileHandle(fileDescriptor: $0, closeOnDealloc: true) }
        return weRead ? Pipe(ours: handles[0], theirs: handles[1]) : Pipe(ours: handles[1], theirs: handles[0])
    }

    /// - Returns: the child's number.
    func spawn() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input.theirs.fileDescriptor, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        lead(1, to: setup.output, &actions)
        lead(2, to: setup.messages, &actions)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let folder = setup.folder { posix_spawn_file_actions_addchdir_np(&actions, folder.path) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        resetSignals(&attributes)
        var child = pid_t()
        let code = withCStrings([setup.executable] + setup.arguments) { arguments in
            withCStrings(setup.environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&child, setup.executable, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw ChildProcess.Failure(call: "posix_spawn", code: code) }
        return child
    }

    private func lead(_ descriptor: Int32, to place: ChildProcess.Output, _ actions: inout posix_spawn_file_actions_t) {
        switch place {
        case .inherited: break
        case .nothing: posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        case .file(let url):
            posix_spawn_file_actions_addopen(&actions, descriptor, url.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        case .pipe: if let output { posix_spawn_file_actions_adddup2(&actions, output.theirs.fileDescriptor, descriptor) }
        }
    }

    /// No blocked signals, default handling: a server ignores SIGPIPE, a child must not inherit that.
    private func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = setup.leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }
}

/// Calls `body` with a NULL-terminated list of C strings that live as long as the call.
private func withCStrings<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
}
