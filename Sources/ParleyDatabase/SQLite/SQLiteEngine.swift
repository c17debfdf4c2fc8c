import Foundation
import GRDB

/// SQLite: one connection that writes, several that read beside it (write-ahead log). GRDB opens and closes them and carries out
/// transactions. A commit is on the disk before it is acknowledged.
final class SQLiteEngine: Engine {
    /// How long a read may take on its caller's thread. Most are of a few rows by key and take less than a change of threads would.
    private static let nearLimit = Duration.milliseconds(2)

    let dialect = Dialect.sqlite
    private let connection: DatabaseQueue
    private let statements: PreparedStatements
    private let writer: WriteQueue
    private let threads: ConnectionThreads
    /// Read on `threads`; nil for a database in memory, which has one connection for everything.
    private let readers: SQLiteReaders?
    /// Read on the callers' threads.
    private let nearReaders: SQLiteReaders?

    /// - Parameter path: of the file; `:memory:` for a database that goes with the process.
    init(path: String, _ settings: Database.Configuration) throws {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY")
            try database.execute(sql: "PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864")
        }
        let isFile = path != ":memory:"
        do {
            connection = try isFile ? Self.file(path, configuration) : DatabaseQueue(configuration: configuration)
            readers = isFile ? try SQLiteReaders(path: path, count: settings.connections) : nil
            nearReaders = isFile ? try SQLiteReaders(path: path, count: 2 * ProcessInfo.processInfo.activeProcessorCount) : nil
        } catch let error as GRDB.DatabaseError {
            throw error.translated
        }
        statements = try connection.unsafeRead { try PreparedStatements(of: $0) }
        writer = WriteQueue(connection, waitLimit: settings.waitLimit)
        threads = ConnectionThreads(settings.connections, waitLimit: settings.waitLimit)
    }

    /// GRDB sets `synchronous` to NORMAL when it turns the write-ahead log on: the last commits would not survive a power cut. Hence FULL.
    private static func file(_ path: String, _ configuration: GRDB.Configuration) throws -> DatabaseQueue {
        // The owner alone may read it; SQLite gives its other files the same rights.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Foundation.close(descriptor) }
        var configuration = configuration
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return queue
    }

    var load: Database.Load {
        let (one, many) = (writer.load, threads.load)
        return Database.Load(
            connections: one.connections + many.connections, inUse: one.inUse + many.inUse, waiting: one.waiting + many.waiting)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        let near = try nearReaders?.read(within: Self.nearLimit) { try SQLiteDriver.run(body, on: $0) }
        if let near { return near }
        return try await threads.perform { [connection, statements, readers] in
            if let readers {
                guard let result = try readers.read({ try SQLiteDriver.run(body, on: $0) }) else {
                    throw DatabaseError(.connection, "the database is closed")
                }
                return result
            }
            return try translatingErrors { try connection.read { _ in try SQLiteDriver.run(body, on: statements) } }
        }
    }

    func write<T: Sendable>(isAlone: Bool, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await writer.perform(isAlone: isAlone) { [statements] _ in try SQLiteDriver.run(body, on: statements) }
    }

    func close() async {
        await writer.close()
        await threads.close()
        readers?.close()
        nearReaders?.close()
        try? connection.close()
    }
}
