import Foundation
import ParleyCore
import ParleyDatabase

/// A program of PostgreSQL: `pg_dump` or `pg_restore`. How to reach the server it reads from its environment.
struct PostgresProgram: Sendable {
    private static let limit = Duration.seconds(86_400)
    private let url: URL

    /// - Parameter folder: nil to look on the PATH.
    /// - Throws: `backup.program`.
    static func find(_ name: String, in folder: String?) throws -> PostgresProgram {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let folders = folder.map { [$0] } ?? path.split(separator: ":").map(String.init)
        guard let found = folders.map({ $0 + "/" + name }).first(where: FileManager.default.isExecutableFile) else {
            throw ParleyError(
                .backupProgram,
                "The program \(name) is not in \(folder ?? "the PATH"); install PostgreSQL's client programs, or name their folder with backup.postgres_programs."
            )
        }
        return PostgresProgram(url: URL(filePath: found))
    }

    /// Its major version.
    func version() async throws -> Int {
        let text = try await start(["--version"], [:]).output
        guard let version = text.firstMatch(of: /\) (\d{1,4})/).flatMap({ Int($0.1) }) else {
            throw ParleyError(.backupProgram, "\(url.path) does not tell its version; check that it is PostgreSQL's.")
        }
        return version
    }

    /// - Throws: `backup.program` when the version is older.
    func require(_ version: Int, atLeast least: Int, _ whose: String) throws {
        guard version < least else { return }
        throw ParleyError(
            .backupProgram,
            "\(url.path) is of version \(version), which is older than \(whose), \(least); install PostgreSQL's client programs of version \(least), or name their folder with backup.postgres_programs."
        )
    }

    /// Runs it to its end; it is ended when the task is cancelled.
    /// - Throws: `backup.failed` with what it complained of, or `CancellationError`.
    func run(_ arguments: [String], on address: PostgresAddress) async throws {
        let (end, _, messages) = try await start(arguments, address.environment)
        guard end != .exit(0) else { return }
        let lines = messages.split(separator: "\n")
        let complaint = lines.first { $0.contains("error:") } ?? lines.last ?? "it was ended, or took longer than a day"
        throw ParleyError(.backupFailed, "\(url.lastPathComponent) failed: \(complaint)")
    }

    /// - Returns: how it ended, nil when it was ended for its time; and the beginnings of what it wrote.
    private func start(_ arguments: [String], _ environment: [String: String]) async throws
        -> (end: ChildProcess.End?, output: String, messages: String)
    {
        let folder = try WorkFolder(in: FileManager.default.temporaryDirectory)
        defer { folder.remove() }
        var setup = ChildProcess.Setup(url.path, arguments)
        setup.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        setup.environment.merge(environment) { $1 }
        (setup.output, setup.messages) = (.file(folder.file("output")), .file(folder.file("messages")))
        let child: ChildProcess
        do { child = try ChildProcess(setup) } catch {
            throw ParleyError(.backupProgram, "\(url.path) could not be started; check its rights.", cause: error)
        }
        let end = try await child.ended(within: Self.limit)
        return (end, Self.beginning(of: folder.file("output")), Self.beginning(of: folder.file("messages")))
    }

    private static func beginning(of file: URL) -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = try? bytes.withUnsafeMutableBytes { try OpenFile(reading: file).fill($0) }
        return String(decoding: bytes.prefix(max(0, count ?? 0)), as: UTF8.self)
    }
}
