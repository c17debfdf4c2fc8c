public import Foundation
import GRDB
import GRDBSQLite

/// Copies of SQLite databases as they are at one moment, made while others read and write them.
public enum SQLiteImage {
    /// Pages between two calls of `check`: some megabytes.
    private static let stride: Int32 = 1024

    /// Copies the database into a new file by SQLite's online backup (https://sqlite.org/backup.html). Its readers and its writer go on
    /// meanwhile; only the write-ahead log is not emptied before the end.
    /// - Parameter check: called every few megabytes; what it throws ends the copying.
    /// - Throws: `DatabaseError`, or what the check throws.
    public static func copy(from path: String, to file: URL, check: () throws -> Void) throws {
        let source = try SQLiteFile(path, SQLITE_OPEN_READONLY)
        // The open transaction holds the moment, however many steps the copying takes.
        try source.statements.run("BEGIN")
        try source.statements.run("SELECT count(*) FROM sqlite_master")
        let target = try SQLiteFile(file.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        // A copy that was broken off is thrown away, so it needs neither a journal nor the disk.
        try target.statements.run("PRAGMA journal_mode = OFF")
        try target.statements.run("PRAGMA synchronous = OFF")
        let (from, to) = (source.statements.connection, target.statements.connection)
        guard let copying = sqlite3_backup_init(to, "main", from, "main") else { throw DatabaseError(sqlite: to, "backup") }
        defer { sqlite3_backup_finish(copying) }
        try withExtendedLifetime((source, target)) {
            while true {
                try check()
                let code = sqlite3_backup_step(copying, stride)
                if code == SQLITE_DONE { return }
                guard [SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED].contains(code) else {
                    throw DatabaseError(code == SQLITE_FULL ? .full : .other, String(cString: sqlite3_errstr(code)), statement: "backup")
                }
            }
        }
    }

    /// What is wrong with the file's pages, indexes and references between rows, at most some twenty of each; empty when nothing is.
    /// - Throws: `DatabaseError` when it is no database at all.
    public static func faults(in file: URL) throws -> [String] {
        let database = try SQLiteFile(file.path, SQLITE_OPEN_READONLY)
        let driver = SQLiteDriver(statements: database.statements)
        var faults: [String] = try driver.rows(SQL(raw: "PRAGMA integrity_check(20)").rendered(for: .sqlite))
            .map { try $0["integrity_check"] }.filter { $0 != "ok" }
        for row in try driver.rows(SQL(raw: "PRAGMA foreign_key_check").rendered(for: .sqlite)).prefix(20) {
            let (table, parent): (String, String) = (try row["table"], try row["parent"])
            faults.append("a row of \(table) names a row of \(parent) that is not there")
        }
        return faults
    }
}

/// A connection of its own to a file, closed with the value.
private final class SQLiteFile {
    let statements: PreparedStatements

    init(_ path: String, _ flags: Int32) throws {
        var made: SQLiteConnection?
        let code = sqlite3_open_v2(path, &made, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let made else {
            sqlite3_close_v2(made)
            throw DatabaseError(.connection, String(cString: sqlite3_errstr(code)), statement: "open")
        }
        sqlite3_busy_timeout(made, 5000)
        statements = PreparedStatements(made)
    }

    // Statements that are still prepared keep the connection until they are gone too.
    deinit { sqlite3_close_v2(statements.connection) }
}
