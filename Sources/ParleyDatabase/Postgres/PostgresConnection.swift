import CPostgres
import Foundation
import ParleyCore

/// One libpq connection. Statements are prepared once for each set of parameter types; parameters and results are binary.
/// Used by one thread at a time, hence unchecked.
final class PostgresConnection: Driver, @unchecked Sendable {
    let dialect = Dialect.postgres
    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]

    /// - Throws: `DatabaseError` with `.connection`.
    init(url: String) throws {
        guard let handle = PQconnectdb(url) else { throw DatabaseError(.connection, "out of memory") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            throw DatabaseError(.connection, String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines))
        }
        try command("SET TIME ZONE 'UTC'")
        try command("SET client_min_messages = warning")
    }

    deinit { PQfinish(handle) }

    /// Whether the server is still there.
    var isUsable: Bool { PQstatus(handle) == CONNECTION_OK }

    /// Runs statements without parameters.
    func command(_ text: String) throws { PQclear(try checked(PQexec(handle, text), text)) }

    func rows(_ text: String, _ values: [SQLValue]) throws -> [Row] {
        let result = try run(text, values)
        defer { PQclear(result) }
        let count = PQnfields(result)
        let columns = Columns((0..<count).map { String(cString: PQfname(result, $0)) })
        let types = (0..<count).map { PQftype(result, $0) }
        return try (0..<PQntuples(result)).map { row in
            Row(columns: columns, values: try (0..<count).map { try Self.value(result, row, $0, types[Int($0)]) })
        }
    }

    func execute(_ text: String, _ values: [SQLValue]) throws -> Int {
        let result = try run(text, values)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    private func run(_ text: String, _ values: [SQLValue]) throws -> OpaquePointer {
        let parameters = values.map(PostgresParameter.init)
        let name = try prepare(text, parameters.map(\.type))
        return try withPointers(parameters) { pointers, lengths, formats in
            try checked(PQexecPrepared(handle, name, Int32(parameters.count), pointers, lengths, formats, 1), text)
        }
    }

    private func prepare(_ text: String, _ types: [Oid]) throws -> String {
        let key = types.map(String.init).joined(separator: ",") + ":" + text
        if let name = prepared[key] { return name }
        let name = "s\(prepared.count)"
        PQclear(try checked(PQprepare(handle, name, text, Int32(types.count), types), text))
        prepared[key] = name
        return name
    }

    private func withPointers<R>(
        _ parameters: [PostgresParameter],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) throws -> R
    ) rethrows -> R {
        let all = parameters.flatMap { ($0.bytes ?? []) + [UInt8(0)] }
        var offset = 0
        let offsets = parameters.map { parameter -> Int in
            defer { offset += (parameter.bytes?.count ?? 0) + 1 }
            return offset
        }
        return try all.withUnsafeBufferPointer { buffer in
            try buffer.withMemoryRebound(to: CChar.self) { characters in
                let pointers = zip(parameters, offsets).map { parameter, offset in
                    parameter.bytes == nil ? nil : characters.baseAddress.map { $0 + offset }
                }
                return try body(pointers, parameters.map { Int32($0.bytes?.count ?? 0) }, parameters.map { _ in 1 })
            }
        }
    }

    private func checked(_ result: OpaquePointer?, _ text: String) throws -> OpaquePointer {
        guard let result else { throw DatabaseError(.connection, String(cString: PQerrorMessage(handle)), statement: text) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
        default:
            defer { PQclear(result) }
            throw Self.error(result, text, isConnected: isUsable)
        }
    }

    /// The SQLSTATE classes of PostgreSQL's appendix A as codes.
    private static func error(_ result: OpaquePointer, _ text: String, isConnected: Bool) -> DatabaseError {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        let message = String(cString: PQresultErrorMessage(result)).trimmingCharacters(in: .whitespacesAndNewlines)
        let code: DatabaseError.Code =
            switch state {
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case "23514": .checkViolation
            case "23502": .notNullViolation
            case "40001", "40P01": .serializationFailure
            case "55P03", "57014": .busy
            case "53100": .full
            default: isConnected && !state.hasPrefix("08") && !state.hasPrefix("57P") ? .other : .connection
            }
        return DatabaseError(code, message, statement: text)
    }

    private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid) throws -> SQLValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        return try PostgresType.decode(bytes, type)
    }
}
