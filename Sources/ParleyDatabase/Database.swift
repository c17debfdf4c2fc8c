public import Logging
import ParleyCore
import Synchronization

/// The rows of the installation, in SQLite or PostgreSQL. Entering is asynchronous; inside everything is synchronous, on a
/// thread that owns a connection, so that no transaction ever spans an `await`.
///
/// What no caller can mend is thrown as `ParleyError`: `database.busy`, `database.full`, `database.unreachable`. Everything
/// else a statement fails of, such as a unique violation, is thrown as `DatabaseError`.
public final class Database: Sendable {
    private static let attempts = 4

    public let dialect: Dialect
    /// How long a unit's transaction may be open.
    let unitLimit: Duration
    private let engine: any Engine
    private let logger: Logger
    private let count = Atomic(0)

    /// Sets up the connections; an SQLite file is made when there is none. PostgreSQL is not yet called.
    /// - Throws: `ParleyError` when the URL is not one of a database or the SQLite file cannot be opened.
    public init(_ configuration: Configuration, logger: Logger = Logger(label: "parley.database")) throws {
        let url = configuration.url
        if url.hasPrefix("sqlite:") {
            engine = try told(logger) { try SQLiteEngine(path: String(url.dropFirst("sqlite:".count)), configuration) }
        } else if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            engine = PostgresEngine(configuration, logger: logger)
        } else {
            throw ParleyError(.settingsInvalid, "database.url must begin with sqlite: or postgres://.")
        }
        dialect = engine.dialect
        unitLimit = configuration.unitLimit
        self.logger = logger
    }

    /// Sets up the connections and makes sure that the database answers.
    /// - Throws: `ParleyError` with `database.unreachable` when it does not.
    public static func open(_ configuration: Configuration, logger: Logger = Logger(label: "parley.database")) async throws -> Database {
        let database = try Database(configuration, logger: logger)
        do { try await database.check() } catch {
            await database.close()
            throw error
        }
        return database
    }

    /// Asks the database for a sign of life.
    public func check() async throws { _ = try await read { try $0.rows("SELECT 1 AS one").count } }

    /// How busy the connections are now.
    public var load: Load { engine.load }

    /// Runs the body on a snapshot of the rows. It changes nothing. On SQLite it first runs on the caller's thread, and once more on
    /// another when that takes long, so it must do nothing but look at rows.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        if let unit = UnitOfWork.current, unit.isOpen(for: self) { return try await telling { try await unit.perform(counted(body)) } }
        return try await telling { try await engine.read(counted(body)) }
    }

    /// How many statements were run since the start.
    public var statements: Int { count.load(ordering: .relaxed) }

    private func counted<T>(_ body: @escaping @Sendable (Connection) throws -> T) -> @Sendable (Connection) throws -> T {
        { [self] connection in
            let before = connection.statements
            // What is broken off is done again, and counted then.
            defer { if connection.failure?.code != .interrupted { count.add(connection.statements - before, ordering: .relaxed) } }
            return try body(connection)
        }
    }

    /// Runs the body in one transaction, committed when it returns and undone when it throws. After a serialization
    /// failure it runs again, so it must do nothing but work on rows. Within a `unit` it is a part of that one's transaction.
    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        if let unit = UnitOfWork.current, unit.joins(self) {
            let body = counted(WriteGuard.guarding(body, isTriedOnce: true))
            return try await telling { try await unit.perform(body) }
        }
        let body = counted(WriteGuard.guarding(body, isTriedOnce: false))
        return try await telling {
            var attempt = 1
            while true {
                do {
                    let (result, committed) = try await engine.write(isAlone: false) { (try body($0), $0.committed) }
                    for action in committed { action() }
                    return result
                } catch let error as DatabaseError where error.code == .serializationFailure && attempt < Self.attempts {
                    logger.debug("transaction runs again", metadata: ["attempt": "\(attempt)", "error": "\(error)"])
                    // Who was cancelled goes on too: they may be writing down that they were.
                    try? await Task.sleep(for: .milliseconds(Int.random(in: 1...10) << attempt))
                    attempt += 1
                }
            }
        }
    }

    /// Waits for what runs, then closes every connection.
    public func close() async { await engine.close() }

    /// One transaction, tried once.
    /// - Returns: what is to be done now that it is committed.
    func transaction(_ body: @escaping @Sendable (Connection) throws -> Void) async throws -> [@Sendable () -> Void] {
        try await engine.write(isAlone: true) {
            try body($0)
            return $0.committed
        }
    }

    /// Runs the body and turns what no caller can mend into `ParleyError`.
    func telling<T>(_ body: () async throws -> T) async throws -> T { try await told(logger, body) }
}

/// What the two engines have in common.
protocol Engine: Sendable {
    var dialect: Dialect { get }
    var load: Database.Load { get }
    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T
    /// - Parameter isAlone: whether the body cannot run twice.
    func write<T: Sendable>(isAlone: Bool, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T
    func close() async
}
