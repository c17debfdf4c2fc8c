import Foundation
import GRDB
import NIOPosix
import ParleyCore

/// SQLite by GRDB's connections: one that writes, several that read beside it (write-ahead log). A commit is on the disk
/// before it is acknowledged.
final class SQLiteEngine: Engine {
    let dialect = Dialect.sqlite
    private let connections: any DatabaseWriter
    private let writer = NIOThreadPool(numberOfThreads: 1)
    private let readers: NIOThreadPool

    /// - Parameter path: of the file; `:memory:` for a database that goes with the process.
    init(path: String, readers count: Int) throws {
        var configuration = GRDB.Configuration()
        configuration.maximumReaderCount = count
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
            try database.execute(sql: "PRAGMA cache_size = -8000; PRAGMA journal_size_limit = 67108864")
        }
        do {
            connections =
                path == ":memory:"
                ? try DatabaseQueue(configuration: configuration) : try DatabasePool(path: path, configuration: configuration)
        } catch let error as GRDB.DatabaseError {
            throw error.translated
        }
        readers = NIOThreadPool(numberOfThreads: count)
        writer.start()
        readers.start()
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await readers.perform { [connections] in
            try translating { try connections.read { try body(Connection(SQLiteDriver(database: $0))) } }
        }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await writer.perform { [connections] in
            try translating { try connections.write { try body(Connection(SQLiteDriver(database: $0))) } }
        }
    }

    func close() async {
        try? await writer.shutdownGracefully()
        try? await readers.shutdownGracefully()
        try? connections.close()
    }
}

/// Statements on one of GRDB's connections, each prepared once.
private struct SQLiteDriver: Driver {
    let dialect = Dialect.sqlite
    let database: GRDB.Database

    func rows(_ text: String, _ values: [SQLValue]) throws -> [Row] {
        try translating {
            let statement = try database.cachedStatement(sql: text)
            try statement.setArguments(StatementArguments(values.map(\.databaseValue)))
            let columns = Columns(statement.columnNames)
            let count = statement.columnCount
            var rows: [Row] = []
            let cursor = try GRDB.Row.fetchCursor(statement)
            while let row = try cursor.next() {
                rows.append(Row(columns: columns, values: (0..<count).map { SQLValue(row[$0] as DatabaseValue) }))
            }
            return rows
        }
    }

    func execute(_ text: String, _ values: [SQLValue]) throws -> Int {
        try translating {
            let statement = try database.cachedStatement(sql: text)
            try statement.execute(arguments: StatementArguments(values.map(\.databaseValue)))
            return database.changesCount
        }
    }
}

private func translating<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as GRDB.DatabaseError { throw error.translated }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .int(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value), .json(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        case .bool(let value): (value ? 1 : 0).databaseValue
        case .time(let value): value.milliseconds.databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let value): .int(value)
            case .double(let value): .real(value)
            case .string(let value): .text(value)
            case .blob(let value): .blob([UInt8](value))
            }
    }
}

extension GRDB.DatabaseError {
    fileprivate var translated: DatabaseError {
        let code: DatabaseError.Code =
            switch extendedResultCode {
            case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: .uniqueViolation
            case .SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKeyViolation
            case .SQLITE_CONSTRAINT_CHECK: .checkViolation
            case .SQLITE_CONSTRAINT_NOTNULL: .notNullViolation
            default:
                switch resultCode {
                case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
                case .SQLITE_FULL: .full
                case .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_IOERR: .connection
                default: .other
                }
            }
        return DatabaseError(code, message ?? "SQLite error \(extendedResultCode.rawValue)", statement: sql)
    }
}
