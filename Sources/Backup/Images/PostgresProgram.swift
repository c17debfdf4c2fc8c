import Foundation
import ParleyCore
import ParleyDatabase

/// A program of PostgreSQL: `pg_dump` or `pg_restore`. How to reach the server it reads from its environment.
struct PostgresProgram: Sendable {
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
        let text = try await onPatientThread { try start(["--version"], [:], $0).text }
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

    /// Runs it to its end.
    /// - Throws: `backup.failed` with what it complained of, or `CancellationError`, once it was ended.
    func run(_ arguments: [String], on address: PostgresAddress, _ stop: StopSign) throws {
        let end = try start(arguments, address.environment, stop)
        guard end.status != 0 else { return }
        let lines = end.text.split(separator: "\n")
        let complaint = lines.first { $0.contains("error:") } ?? lines.last ?? "it ended with status \(end.status)"
        throw ParleyError(.backupFailed, "\(url.lastPathComponent) failed: \(complaint)")
    }

    private func start(_ arguments: [String], _ environment: [String: String], _ stop: StopSign) throws -> (status: Int32, text: String) {
        let process = Process()
        let output = FileManager.default.temporaryDirectory.appending(path: "parley-program-" + UUID().uuidString)
        guard FileManager.default.createFile(atPath: output.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw OpenFile.failure("The folder for temporary files cannot be written")
        }
        defer { try? FileManager.default.removeItem(at: output) }
        let told = try FileHandle(forUpdating: output)
        defer { try? told.close() }
        (process.executableURL, process.arguments) = (url, arguments)
        let own = ["LC_ALL": "C.UTF-8", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        process.environment = own.merging(environment) { $1 }
        (process.standardInput, process.standardOutput, process.standardError) = (FileHandle.nullDevice, told, told)
        do { try process.run() } catch {
            throw ParleyError(.backupProgram, "\(url.path) could not be started; check its rights.", cause: error)
        }
        while process.isRunning {
            do { try stop.check() } catch {
                process.terminate()
                process.waitUntilExit()
                throw error
            }
            usleep(20_000)
        }
        let text = (try? OpenFile(reading: output)).flatMap { file -> String? in
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = try? bytes.withUnsafeMutableBytes { try file.fill($0) }
            return String(decoding: bytes.prefix(count ?? 0), as: UTF8.self)
        }
        return (process.terminationStatus, text ?? "")
    }
}
