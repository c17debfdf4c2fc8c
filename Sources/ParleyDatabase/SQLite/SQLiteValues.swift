import Foundation
import GRDB
import GRDBSQLite
import ParleyCore

extension SQLValue {
    var databaseValue: DatabaseValue {
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
            case .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_IOERR: .connection
            default: .other
            }
        }
    }
}
