import Foundation
import ParleyCore
import ParleyDatabase

/// Images of SQLite databases are databases themselves.
struct SQLiteImages: DatabaseImages {
    let database: URL
    /// A file in the data folder is restored with the folder.
    let isInDataFolder: Bool

    func version() async throws -> Int { 0 }

    func make<T: Sendable>(_ file: URL, reading body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        guard FileManager.default.fileExists(atPath: database.path) else {
            throw ParleyError(.notFound, "There is no database at \(database.path); check data.path.")
        }
        try await onWorkerThread { [database] stop in
            do { try SQLiteImage.copy(from: database.path, to: file, check: stop.check) } catch let error as DatabaseError {
                throw ParleyError(.backupFailed, "The database could not be copied: \(error.message).", cause: error)
            }
        }
        return try await Database.with("sqlite:" + file.path) { try await $0.read(body) }
    }

    func checkPlace() async throws {
        guard !isInDataFolder else { return }
        for suffix in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: database.path + suffix) {
            throw ParleyError(
                .backupOccupied, "There is a file \(database.path + suffix) already; move it away, or set another database.url.")
        }
    }

    func use<T: Sendable>(
        _ file: URL, madeBy version: Int, isTrial: Bool, _ body: @Sendable (Database) async throws -> T
    ) async throws -> T? {
        let faults = try await onWorkerThread { _ in
            do { return try SQLiteImage.faults(in: file) } catch let error as DatabaseError { return [error.message] }
        }
        guard faults.isEmpty else { throw ParleyError.damaged("its database has faults: " + faults.prefix(3).joined(separator: "; ")) }
        return try await Database.with("sqlite:" + file.path, body)
    }
}
