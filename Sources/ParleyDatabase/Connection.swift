/// An open connection inside one `read` or `write`. It must not leave the closure it was given to.
public final class Connection {
    public let dialect: Dialect
    private let driver: any Driver
    private(set) var committed: [@Sendable () -> Void] = []

    init(_ driver: any Driver) {
        self.driver = driver
        dialect = driver.dialect
    }

    /// Does something quick once this transaction is committed, such as waking who waits for its rows. Nothing that must
    /// not be lost: a crash in between forgets it.
    public func afterCommit(_ action: @escaping @Sendable () -> Void) { committed.append(action) }

    /// All rows of the result.
    /// - Throws: `DatabaseError`.
    public func rows(_ sql: SQL) throws -> [Row] {
        let (text, values) = sql.rendered(for: dialect)
        return try driver.rows(text, values)
    }

    /// The first row; nil when there is none.
    /// - Throws: `DatabaseError`.
    public func row(_ sql: SQL) throws -> Row? { try rows(sql).first }

    /// Runs a statement without a result.
    /// - Returns: how many rows it changed.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        let (text, values) = sql.rendered(for: dialect)
        return try driver.execute(text, values)
    }
}

/// What an engine does with rendered statements.
protocol Driver {
    var dialect: Dialect { get }
    func rows(_ text: String, _ values: [SQLValue]) throws -> [Row]
    func execute(_ text: String, _ values: [SQLValue]) throws -> Int
}
