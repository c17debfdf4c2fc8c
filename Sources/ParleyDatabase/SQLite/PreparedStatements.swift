import GRDB
import GRDBSQLite

/// What one connection has prepared, kept for the next time. SQLite is spoken to directly here: what GRDB adds to a statement, such as
/// observers and values of its own, costs more than a look-up by key.
///
/// Unchecked, since it belongs to whoever holds the connection at the time, one thread after another.
final class PreparedStatements: @unchecked Sendable {
    /// How many are kept before all are forgotten; the product has fewer, save for the many shapes of filters.
    private static let capacity = 400

    let connection: SQLiteConnection
    private var kept: [String: PreparedStatement] = [:]

    init(_ connection: SQLiteConnection) { self.connection = connection }

    /// - Throws: `DatabaseError` when it is no statement of this database.
    func prepared(_ statement: Statement) throws -> PreparedStatement {
        if let known = kept[statement.text] { return known }
        let new = try PreparedStatement(statement, on: connection)
        guard statement.isReusable else { return new }
        if kept.count >= Self.capacity { kept.removeAll() }
        kept[statement.text] = new
        return new
    }

    /// Runs a statement that has neither values nor rows.
    /// - Throws: `DatabaseError`.
    func run(_ text: String) throws {
        try prepared(Statement(text: text, values: [], isReusable: true)).run([], on: connection) { _ in }
    }
}

/// A statement that SQLite has compiled.
final class PreparedStatement {
    private let handle: SQLiteStatement
    private let text: String
    private let columns: Columns
    private let width: Int32

    /// - Throws: `DatabaseError`.
    init(_ statement: Statement, on connection: SQLiteConnection) throws {
        var made: SQLiteStatement?
        let flags = statement.isReusable ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        guard sqlite3_prepare_v3(connection, statement.text, -1, flags, &made, nil) == SQLITE_OK, let made else {
            throw DatabaseError(sqlite: connection, statement.text)
        }
        (handle, text, width) = (made, statement.text, sqlite3_column_count(made))
        columns = Columns((0..<width).map { sqlite3_column_name(made, $0).map { String(cString: $0) } ?? "" })
    }

    deinit { sqlite3_finalize(handle) }

    /// Gives the rows one after the other.
    /// - Throws: `DatabaseError`, or what the body throws.
    func run(_ values: [SQLValue], on connection: SQLiteConnection, _ body: (Row) throws -> Void) throws {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() where value.bind(to: handle, Int32(clamping: index + 1)) != SQLITE_OK {
            throw DatabaseError(sqlite: connection, text)
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(Row(columns: columns, values: (0..<width).map { SQLValue(handle, $0) }))
            case SQLITE_DONE: return
            default: throw DatabaseError(sqlite: connection, text)
            }
        }
    }
}
