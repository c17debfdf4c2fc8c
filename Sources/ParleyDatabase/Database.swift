import Foundation

/// The rows of the installation, in SQLite or PostgreSQL. Entering is asynchronous; inside everything is synchronous, on a
/// thread that owns a connection, so that no transaction ever spans an `await`.
public final class Database: Sendable {
    /// Where the database is and how many connections it may have.
    public struct Configuration: Sendable {
        /// `sqlite:PATH`, `sqlite::memory:` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.
        public var url: String
        /// Connections that read (SQLite), or all connections (PostgreSQL).
        public var connections: Int

        public init(url: String, connections: Int = 4) { (self.url, self.connections) = (url, connections) }
    }

    private static let attempts = 4

    public let dialect: Dialect
    private let engine: any Engine

    /// Opens the database; an SQLite file is made when there is none.
    /// - Throws: `DatabaseError` with `.connection` when it cannot be reached.
    public init(_ configuration: Configuration) throws {
        let url = configuration.url
        if url.hasPrefix("sqlite:") {
            engine = try SQLiteEngine(path: String(url.dropFirst("sqlite:".count)), readers: configuration.connections)
        } else if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            engine = PostgresEngine(url: url, connections: configuration.connections)
        } else {
            throw DatabaseError(.connection, "database.url must begin with sqlite: or postgres://")
        }
        dialect = engine.dialect
    }

    /// Runs the body on a snapshot of the rows.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await engine.read(body)
    }

    /// Runs the body in one transaction, committed when it returns and undone when it throws. After a serialization
    /// failure it runs again, so it must do nothing but work on rows.
    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        var attempt = 1
        while true {
            do {
                let (result, committed) = try await engine.write { (try body($0), $0.committed) }
                for action in committed { action() }
                return result
            } catch let error as DatabaseError where error.code == .serializationFailure && attempt < Self.attempts {
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...10) << attempt))
                attempt += 1
            }
        }
    }

    /// Waits for what runs, then closes every connection.
    public func close() async { await engine.close() }
}

/// What the two engines have in common.
protocol Engine: Sendable {
    var dialect: Dialect { get }
    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T
    func close() async
}
