import Foundation
import ParleyCore
import ParleyDatabase

/// Images of PostgreSQL databases are dumps in the custom format of `pg_dump`.
struct PostgresImages: DatabaseImages {
    let url: String
    let rows: BackedUpRows
    /// Folder of PostgreSQL's programs; nil to look on the PATH.
    let programs: String?

    func version() async throws -> Int { try await PostgresProgram.find("pg_dump", in: programs).version() }

    func make<T: Sendable>(_ file: URL, reading body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        let program = try PostgresProgram.find("pg_dump", in: programs)
        let version = try await program.version()
        let snapshot = try await onWorkerThread { [url] _ in try Self.reaching { try PostgresSnapshot(url: url) } }
        try program.require(version, atLeast: snapshot.serverVersion, "the server")
        try await program.run(
            [
                "--format=custom", "--no-owner", "--no-privileges", "--no-password", "--lock-wait-timeout=60000",
                "--snapshot=" + snapshot.name, "--file=" + file.path,
            ], on: try PostgresAddress(url: url))
        return try await onWorkerThread { _ in try snapshot.read(body) }
    }

    func checkPlace() async throws {
        let isEmpty = try await Database.with(url) { try await $0.read { try $0.hasNoTables() } }
        guard isEmpty else {
            throw ParleyError(.backupOccupied, "The database has tables already; make an empty one and name it by database.url.")
        }
    }

    func use<T: Sendable>(
        _ file: URL, madeBy version: Int, isTrial: Bool, _ body: @Sendable (Database) async throws -> T
    ) async throws -> T? {
        let program = try PostgresProgram.find("pg_restore", in: programs)
        try program.require(try await program.version(), atLeast: version, "that of the back-up")
        guard isTrial else { return try await fill(url, file, program, body) }
        guard let scratch = try await onWorkerThread({ [url] _ in try Self.reaching { try PostgresScratch(beside: url) } }) else {
            // Reads all of the dump, which tells whether it is whole.
            try await program.run(["--no-owner", "--file=/dev/null", file.path], on: try PostgresAddress(url: url))
            return nil
        }
        do {
            let result = try await fill(scratch.url, file, program, body)
            try await remove(scratch)
            return result
        } catch {
            try? await remove(scratch)
            throw error
        }
    }

    private func remove(_ scratch: PostgresScratch) async throws { try await onWorkerThread { _ in try scratch.remove() } }

    private func fill<T: Sendable>(
        _ url: String, _ file: URL, _ program: PostgresProgram, _ body: @Sendable (Database) async throws -> T
    ) async throws -> T {
        let address = try PostgresAddress(url: url)
        let name = address.environment["PGDATABASE"] ?? address.environment["PGUSER"] ?? "parley"
        try await program.run(
            ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-password", "--dbname=" + name, file.path],
            on: address)
        return try await Database.with(url) { [rows] database in
            try await database.write { try rows.moved($0) }
            return try await body(database)
        }
    }

    /// Runs the body and tells what keeps it from the server.
    private static func reaching<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as DatabaseError {
            throw ParleyError(.backupFailed, "The database could not be reached: \(error.message).", cause: error)
        }
    }
}
