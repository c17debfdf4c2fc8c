import ParleyCore

/// Which columns together tell a resource's version: text that is another one after every change of the resource.
public struct RowVersion: Sendable {
    let statement: SQL
    let table: String

    /// - Parameters:
    ///   - statement: selects one row; all its columns together are the version. Columns are named `v0`, `v1` and so on.
    ///   - table: the table whose row every change of the resource updates; a write that is guarded by the version locks it.
    public init(_ statement: SQL, lock table: String) { (self.statement, self.table) = (statement, table) }

    /// Nil when there is no such row.
    func text(in connection: Connection, locking: Bool) throws -> String? {
        let lock: SQL = locking && connection.dialect == .postgres ? " FOR UPDATE OF \(raw: table)" : ""
        return try connection.row(statement + lock).map { row in
            row.values.map(\.versionText).joined(separator: "|")
        }
    }
}

extension Database {
    /// The version as it is now; nil when there is no such row.
    public func version(_ version: RowVersion) async throws -> String? { try await read { try version.text(in: $0, locking: false) } }

    /// Runs the body, whose first write begins by demanding something of the version, in its own transaction and with the row
    /// locked: nothing can come between the check and the change.
    /// - Throws: what the demand throws, and then nothing was written; or what the body throws.
    public func guarding(
        _ version: RowVersion, _ demand: @escaping @Sendable (String?) throws -> Void, _ body: () async throws -> Void
    ) async throws {
        let guardian = WriteGuard { try demand(try version.text(in: $0, locking: true)) }
        try await WriteGuard.$current.withValue(guardian) { try await body() }
    }
}

extension SQLValue {
    /// Text that differs for values that differ: of the types that columns of a version have.
    fileprivate var versionText: String {
        switch self {
        case .null: ""
        case .int(let value): String(value)
        case .real(let value): String(value)
        case .text(let value), .json(let value): value
        case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        case .bool(let value): value ? "1" : "0"
        case .time(let value): String(value.milliseconds)
        }
    }
}
