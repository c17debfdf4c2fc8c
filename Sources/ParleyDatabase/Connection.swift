/// An open connection inside one `read` or `write`. It must not leave the closure it was given to.
///
/// A statement that fails spoils the transaction, on both engines: later statements fail alike and nothing is committed,
/// even when the error was caught. What may fail and be lived with goes into `savepoint`.
public final class Connection {
    public let dialect: Dialect
    private let driver: any Driver
    private(set) var committed: [@Sendable () -> Void] = []
    private(set) var failure: DatabaseError?
    /// How many were run here.
    private(set) var statements = 0
    private var isStreaming = false

    init(_ driver: any Driver) {
        self.driver = driver
        dialect = driver.dialect
    }

    /// Does something quick once this transaction is committed, such as waking who waits for its rows. Nothing that must
    /// not be lost: a crash in between forgets it.
    public func afterCommit(_ action: @escaping @Sendable () -> Void) { committed.append(action) }

    /// All rows of the result.
    /// - Throws: `DatabaseError`.
    public func rows(_ sql: SQL) throws -> [Row] { try run { try driver.rows(sql.rendered(for: dialect)) } }

    /// The first row; nil when there is none.
    /// - Throws: `DatabaseError`.
    public func row(_ sql: SQL) throws -> Row? { try rows(sql).first }

    /// Gives the result's rows one after the other, without ever holding them all. The body runs no statements.
    /// - Throws: `DatabaseError`, or what the body throws.
    public func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try run {
            isStreaming = true
            defer { isStreaming = false }
            try driver.forEach(sql.rendered(for: dialect), body)
        }
    }

    /// Runs a statement without a result.
    /// - Returns: how many rows it changed.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int { try run { try driver.execute(sql.rendered(for: dialect)) } }

    /// Runs the body; what it did is undone when it throws, and the transaction goes on from where it was.
    /// - Throws: what the body throws.
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
        let start = try begin()
        do {
            let result = try body()
            try keep(start)
            return result
        } catch {
            if failure?.endsTransaction != true { try undo(start) }
            throw error
        }
    }

    /// A place in the transaction to which it can go back; the innermost one first.
    struct Savepoint: Sendable { fileprivate let committed: Int }

    func begin() throws -> Savepoint {
        try execute("SAVEPOINT inner_step")
        return Savepoint(committed: committed.count)
    }

    func keep(_ savepoint: Savepoint) throws { try execute("RELEASE SAVEPOINT inner_step") }

    /// Undoes what was done since the place, a failure that spoiled the transaction included.
    func undo(_ savepoint: Savepoint) throws {
        if failure?.endsTransaction != true { failure = nil }
        committed.removeSubrange(savepoint.committed...)
        try execute("ROLLBACK TO SAVEPOINT inner_step")
        try execute("RELEASE SAVEPOINT inner_step")
    }

    private func run<T>(_ body: () throws -> T) throws -> T {
        statements += 1
        if let failure { throw failure }
        guard !isStreaming else { throw DatabaseError(.other, "a statement was run while another one's rows were being read") }
        do { return try body() } catch let error as DatabaseError {
            failure = error
            throw error
        }
    }
}

extension DatabaseError {
    /// The engine has already undone, or must undo, all of the transaction.
    fileprivate var endsTransaction: Bool {
        switch code {
        case .serializationFailure, .connection, .full, .busy: true
        default: false
        }
    }
}

/// What an engine does with rendered statements.
protocol Driver {
    var dialect: Dialect { get }
    func rows(_ statement: Statement) throws -> [Row]
    func forEach(_ statement: Statement, _ body: (Row) throws -> Void) throws
    func execute(_ statement: Statement) throws -> Int
}
