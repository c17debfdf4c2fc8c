import Foundation
import GRDB

/// SQLite by GRDB's connections: one that writes, several that read beside it (write-ahead log). A commit is on the disk
/// before it is acknowledged.
final class SQLiteEngine: Engine {
    let dialect = Dialect.sqlite
    private let connections: any DatabaseWriter
    private let writer: WriteQueue
    private let readers: ConnectionThreads

    /// - Parameter path: of the file; `:memory:` for a database that goes with the process.
    init(path: String, _ settings: Database.Configuration) throws {
        var configuration = GRDB.Configuration()
        configuration.maximumReaderCount = settings.connections
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY")
            try database.execute(sql: "PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864")
        }
        do {
            connections = try path == ":memory:" ? DatabaseQueue(configuration: configuration) : Self.file(path, configuration)
        } catch let error as GRDB.DatabaseError {
            throw error.translated
        }
        writer = WriteQueue(connections, waitLimit: settings.waitLimit)
        readers = ConnectionThreads(settings.connections, waitLimit: settings.waitLimit)
    }

    /// GRDB sets `synchronous` to NORMAL when it turns the write-ahead log on, after `prepareDatabase`: the last commits
    /// would not survive a power cut. Hence FULL here, on the connection that writes.
    private static func file(_ path: String, _ configuration: GRDB.Configuration) throws -> DatabasePool {
        // The owner alone may read it; SQLite gives its other files the same rights.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Foundation.close(descriptor) }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    var load: Database.Load {
        let (one, many) = (writer.load, readers.load)
        return Database.Load(
            connections: one.connections + many.connections, inUse: one.inUse + many.inUse, waiting: one.waiting + many.waiting)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await readers.perform { [connections] in
            try translatingErrors { try connections.read { try Self.run(body, on: $0) } }
        }
    }

    func write<T: Sendable>(isAlone: Bool, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await writer.perform(isAlone: isAlone) { try Self.run(body, on: $0) }
    }

    private static func run<T>(_ body: (Connection) throws -> T, on database: GRDB.Database) throws -> T {
        let connection = Connection(SQLiteDriver(database: database))
        let result = try body(connection)
        if let failure = connection.failure { throw failure }
        return result
    }

    func close() async {
        await writer.close()
        await readers.close()
        try? connections.close()
    }
}
