import GRDB
import GRDBSQLite

/// Statements on one connection to SQLite.
struct SQLiteDriver: Driver {
    let dialect = Dialect.sqlite
    let statements: PreparedStatements

    func rows(_ statement: Statement) throws -> [Row] {
        var rows: [Row] = []
        try forEach(statement) { rows.append($0) }
        return rows
    }

    func forEach(_ statement: Statement, _ body: (Row) throws -> Void) throws {
        try statements.prepared(statement).run(statement.values, on: statements.connection, body)
    }

    func execute(_ statement: Statement) throws -> Int {
        let before = sqlite3_total_changes(statements.connection)
        try forEach(statement) { _ in }
        return sqlite3_total_changes(statements.connection) == before ? 0 : Int(sqlite3_changes(statements.connection))
    }

    /// Runs the body of a read or write.
    /// - Throws: what the body throws, or what spoiled the transaction, even when the body caught it.
    static func run<T>(_ body: (Connection) throws -> T, on statements: PreparedStatements) throws -> T {
        let connection = Connection(SQLiteDriver(statements: statements))
        do {
            let result = try body(connection)
            if let failure = connection.failure { throw failure }
            return result
        } catch {
            // Whatever the body made of it, this read is to be begun anew.
            if let failure = connection.failure, failure.code == .interrupted { throw failure }
            throw error
        }
    }
}
