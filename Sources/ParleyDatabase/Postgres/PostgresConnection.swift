import CPostgres
import Foundation
import ParleyCore

/// One libpq connection. Statements are prepared once for each set of parameter types; parameters and results are binary.
/// Used by one thread at a time, hence unchecked.
final class PostgresConnection: Driver, @unchecked Sendable {
    /// Statements kept prepared; past this all are forgotten.
    private static let cacheSize = 500
    /// What the connection is asked for where the URL says nothing.
    private static let defaults = [("connect_timeout", "5"), ("application_name", "parley"), ("keepalives_idle", "30")]

    let dialect = Dialect.postgres
    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]

    /// - Throws: `DatabaseError` with `.connection`.
    init(url: String, statementLimit: Duration) throws {
        let parameters = Self.defaults + [("dbname", url)]
        let connected = withCStrings(parameters.map(\.0)) { keywords in
            withCStrings(parameters.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let connected else { throw DatabaseError(.connection, "out of memory") }
        handle = connected
        guard PQstatus(handle) == CONNECTION_OK else { throw DatabaseError(.connection, lastMessage) }
        try command("SET TIME ZONE 'UTC'")
        try command("SET client_min_messages = warning")
        try command("SET statement_timeout = \(statementLimit.milliseconds)")
    }

    deinit { PQfinish(handle) }

    /// Whether the server is still there, as far as the last statement showed.
    var isUsable: Bool { PQstatus(handle) == CONNECTION_OK }

    /// Runs a statement without parameters.
    func command(_ text: String) throws { PQclear(try checked(PQexec(handle, text), text)) }

    func rows(_ statement: Statement) throws -> [Row] {
        let result = try run(statement)
        defer { PQclear(result) }
        let reader = PostgresRows(result)
        return try (0..<PQntuples(result)).map { try reader.row($0, of: result) }
    }

    func execute(_ statement: Statement) throws -> Int {
        let result = try run(statement)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func forEach(_ statement: Statement, _ body: (Row) throws -> Void) throws {
        guard send(statement) == 1, PQsetSingleRowMode(handle) == 1 else {
            throw DatabaseError(.connection, lastMessage, statement: statement.text)
        }
        // The connection is not usable before every result is fetched.
        defer { while let rest = PQgetResult(handle) { PQclear(rest) } }
        var reader: PostgresRows?
        while let next = PQgetResult(handle) {
            let result = try checked(next, statement.text)
            defer { PQclear(result) }
            let rows = reader ?? PostgresRows(result)
            reader = rows
            for row in 0..<PQntuples(result) { try body(rows.row(row, of: result)) }
        }
    }

    private func run(_ statement: Statement) throws -> OpaquePointer {
        let parameters = PostgresParameters(statement.values)
        let name = statement.isReusable ? try prepare(statement.text, parameters.types) : nil
        let result = parameters.withPointers { values, lengths, formats in
            if let name {
                PQexecPrepared(handle, name, parameters.count, values, lengths, formats, 1)
            } else {
                PQexecParams(handle, statement.text, parameters.count, parameters.types, values, lengths, formats, 1)
            }
        }
        return try checked(result, statement.text)
    }

    private func send(_ statement: Statement) -> Int32 {
        let parameters = PostgresParameters(statement.values)
        return parameters.withPointers { PQsendQueryParams(handle, statement.text, parameters.count, parameters.types, $0, $1, $2, 1) }
    }

    private func prepare(_ text: String, _ types: [Oid]) throws -> String {
        let key = types.map(String.init).joined(separator: ",") + ":" + text
        if let name = prepared[key] { return name }
        if prepared.count >= Self.cacheSize {
            try command("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        PQclear(try checked(PQprepare(handle, name, text, Int32(clamping: types.count), types), text))
        prepared[key] = name
        return name
    }

    private func checked(_ result: OpaquePointer?, _ text: String) throws -> OpaquePointer {
        guard let result else { throw DatabaseError(.connection, lastMessage, statement: text) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: return result
        default:
            defer { PQclear(result) }
            throw DatabaseError(result, statement: text, isConnected: isUsable)
        }
    }

    private var lastMessage: String { String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// C strings in an array that ends with NULL, valid while the body runs.
private func withCStrings<R>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> R) -> R {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { $0.map { UnsafePointer($0) } } + [nil])
}
