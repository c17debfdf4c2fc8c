import Foundation
import GRDB
import GRDBSQLite
import ParleyCore

extension SQLValue {
    /// Makes it the value of a placeholder, which count from 1.
    /// - Returns: SQLite's result code.
    func bind(to statement: SQLiteStatement, _ place: Int32) -> Int32 {
        switch self {
        case .null: sqlite3_bind_null(statement, place)
        case .int(let value): sqlite3_bind_int64(statement, place, value)
        case .real(let value): sqlite3_bind_double(statement, place, value)
        case .text(let value), .json(let value):
            sqlite3_bind_text64(statement, place, value, UInt64(value.utf8.count), Self.copied, UInt8(SQLITE_UTF8))
        // No bytes at no address would be NULL.
        case .blob(let value) where value.isEmpty: sqlite3_bind_zeroblob(statement, place, 0)
        case .blob(let value): sqlite3_bind_blob64(statement, place, value, UInt64(value.count), Self.copied)
        case .bool(let value): sqlite3_bind_int64(statement, place, value ? 1 : 0)
        case .time(let value): sqlite3_bind_int64(statement, place, value.milliseconds)
        }
    }

    /// `SQLITE_TRANSIENT`: SQLite copies the bytes before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// What stands in a column of the row that the statement is at.
    init(_ statement: SQLiteStatement, _ column: Int32) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .int(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(statement, column)
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(statement, column)
            self = .blob([UInt8](UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(statement, column)))))
        default: self = .null
        }
    }
}

/// Runs the body and throws GRDB's errors as ours.
func translatingErrors<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as GRDB.DatabaseError { throw error.translated }
}

extension DatabaseError {
    /// What the last call on the connection failed of.
    init(sqlite connection: SQLiteConnection, _ statement: String) {
        let code = ResultCode(rawValue: sqlite3_extended_errcode(connection))
        self = GRDB.DatabaseError(resultCode: code, message: String(cString: sqlite3_errmsg(connection)), sql: statement).translated
    }
}

extension GRDB.DatabaseError {
    var translated: DatabaseError {
        let message = message ?? "SQLite error \(extendedResultCode.rawValue)"
        let constraint = message.range(of: "constraint failed: ").map { String(message[$0.upperBound...]) }
        return DatabaseError(code, message, constraint: constraint, statement: sql)
    }

    /// SQLite's result codes (https://sqlite.org/rescode.html) as ours.
    private var code: DatabaseError.Code {
        switch extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: .uniqueViolation
        case .SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKeyViolation
        case .SQLITE_CONSTRAINT_CHECK: .checkViolation
        case .SQLITE_CONSTRAINT_NOTNULL: .notNullViolation
        default:
            switch resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            case .SQLITE_FULL: .full
            case .SQLITE_INTERRUPT: .interrupted
            case .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_IOERR: .connection
            default: .other
            }
        }
    }
}
