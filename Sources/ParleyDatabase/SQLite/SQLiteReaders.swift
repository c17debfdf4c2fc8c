import GRDB
import GRDBSQLite
import ParleyCore
import Synchronization

/// Connections to an SQLite file that read.
final class SQLiteReaders: Sendable {
    /// An open connection and what it has prepared.
    private struct Reader: Sendable {
        let queue: DatabaseQueue
        let statements: PreparedStatements
    }

    /// How many of SQLite's steps pass between looks at the clock.
    private static let steps: Int32 = 2000

    private let free: Mutex<[Reader]>

    /// - Parameter count: how many can read at once.
    init(path: String, count: Int) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000") }
        free = Mutex(
            try (0..<count).map { _ in
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                return Reader(queue: queue, statements: try queue.unsafeRead { try PreparedStatements(of: $0) })
            })
    }

    /// Runs the body here and now, on a snapshot of the rows.
    /// - Parameter limit: the time after which it is broken off, to be begun anew elsewhere.
    /// - Returns: nil when no connection is free or the body was broken off.
    /// - Throws: what the body throws.
    func read<T>(within limit: Duration? = nil, _ body: (PreparedStatements) throws -> T) throws -> T? {
        guard let reader = free.withLock({ $0.popLast() }) else { return nil }
        defer { free.withLock { $0.append(reader) } }
        do {
            return try reader.queue.unsafeRead { _ in try Self.snapshot(reader.statements, limit, body) }
        } catch let error as DatabaseError where error.code == .interrupted {
            return nil
        }
    }

    private static func snapshot<T>(_ statements: PreparedStatements, _ limit: Duration?, _ body: (PreparedStatements) throws -> T) throws
        -> T
    {
        try statements.run("BEGIN")
        defer { try? statements.run("ROLLBACK") }
        guard let limit else { return try body(statements) }
        let deadline = Deadline(.now + limit)
        return try withExtendedLifetime(deadline) {
            let address = Unmanaged.passUnretained(deadline).toOpaque()
            sqlite3_progress_handler(statements.connection, steps, { Deadline.hasPassed($0) }, address)
            // Before the end of the transaction, which must not be broken off.
            defer { sqlite3_progress_handler(statements.connection, 0, nil, nil) }
            return try body(statements)
        }
    }

    /// Closes the connections that nobody reads on.
    func close() {
        let readers = free.withLock { readers in
            defer { readers.removeAll() }
            return readers
        }
        for reader in readers { try? reader.queue.close() }
    }
}

/// A moment that SQLite's progress handler can look at.
private final class Deadline {
    private let moment: ContinuousClock.Instant

    init(_ moment: ContinuousClock.Instant) { self.moment = moment }

    /// One when the moment at the address has passed.
    static func hasPassed(_ address: UnsafeMutableRawPointer?) -> Int32 {
        guard let address else { return 0 }
        return Unmanaged<Deadline>.fromOpaque(address).takeUnretainedValue().moment < .now ? 1 : 0
    }
}

extension PreparedStatements {
    /// - Throws: `DatabaseError` when the connection is closed.
    convenience init(of database: GRDB.Database) throws {
        guard let connection = database.sqliteConnection else { throw DatabaseError(.connection, "the database is closed") }
        self.init(connection)
    }
}
