import GRDB

/// Statements on one of GRDB's connections.
struct SQLiteDriver: Driver {
    let dialect = Dialect.sqlite
    let database: GRDB.Database

    func rows(_ statement: Statement) throws -> [Row] {
        var rows: [Row] = []
        try forEach(statement) { rows.append($0) }
        return rows
    }

    func forEach(_ statement: Statement, _ body: (Row) throws -> Void) throws {
        try translatingErrors {
            let prepared = try prepare(statement)
            let columns = Columns(prepared.columnNames)
            let count = Int32(prepared.columnCount)
            let cursor = try GRDB.Row.fetchCursor(prepared, arguments: arguments(statement))
            while try cursor.next() != nil {
                // Read from the statement itself: GRDB's values would be made only to be made into ours.
                try body(Row(columns: columns, values: (0..<count).map { SQLValue(prepared.sqliteStatement, $0) }))
            }
        }
    }

    func execute(_ statement: Statement) throws -> Int {
        try translatingErrors {
            let before = database.totalChangesCount
            try prepare(statement).execute(arguments: arguments(statement))
            return database.totalChangesCount == before ? 0 : database.changesCount
        }
    }

    private func prepare(_ statement: Statement) throws -> GRDB.Statement {
        statement.isReusable ? try database.cachedStatement(sql: statement.text) : try database.makeStatement(sql: statement.text)
    }

    private func arguments(_ statement: Statement) -> StatementArguments { StatementArguments(statement.values.map(\.databaseValue)) }
}
