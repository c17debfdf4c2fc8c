/// Which engine a database is.
public enum Dialect: String, Sendable, CaseIterable {
    case sqlite, postgres
}

/// Pieces of statements that the engines write differently.
extension Dialect {
    /// Ends a SELECT whose rows nobody else may change until this transaction ends. SQLite's only writer needs no such lock.
    public var forUpdate: SQL { self == .postgres ? " FOR UPDATE" : "" }

    /// The same, passing over rows that somebody else has locked.
    public var forUpdateSkipLocked: SQL { self == .postgres ? " FOR UPDATE SKIP LOCKED" : "" }
}
