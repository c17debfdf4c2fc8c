import Logging
import Synchronization

/// PostgreSQL by libpq: one blocking connection on each thread of a pool; callers wait in order of arrival.
final class PostgresEngine: Engine {
    let dialect = Dialect.postgres
    private let configuration: Database.Configuration
    private let threads: ConnectionThreads
    private let idle = Mutex<[PostgresConnection]>([])
    private let logger: Logger

    init(_ configuration: Database.Configuration, logger: Logger) {
        (self.configuration, self.logger) = (configuration, logger)
        threads = ConnectionThreads(configuration.connections, waitLimit: configuration.waitLimit)
    }

    var load: Database.Load { threads.load }

    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    func write<T: Sendable>(isAlone: Bool, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await transaction("BEGIN", body)
    }

    func close() async {
        await threads.close()
        idle.withLock { $0 = [] }
    }

    private func transaction<T: Sendable>(_ begin: String, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await threads.perform { [self] in
            let driver = try lease(begin)
            let connection = Connection(driver)
            do {
                let result = try body(connection)
                if let failure = connection.failure { throw failure }
                try driver.command("COMMIT")
                giveBack(driver)
                return result
            } catch {
                // An error without a name of its own may lie in the connection, as when a migration outdated its statements.
                if connection.failure?.code != .other, driver.isUsable, (try? driver.command("ROLLBACK")) != nil { giveBack(driver) }
                throw error
            }
        }
    }

    /// A connection with an open transaction. One that broke while it was idle is replaced.
    private func lease(_ begin: String) throws -> PostgresConnection {
        if let connection = idle.withLock({ $0.popLast() }) {
            do {
                try connection.command(begin)
                return connection
            } catch let error as DatabaseError where error.code == .connection {
                logger.info("connection to the database lost; connecting again", metadata: ["error": "\(error)"])
                // Its siblings most likely broke with it.
                idle.withLock { $0 = [] }
            }
        }
        let connection = try PostgresConnection(url: configuration.url, statementLimit: configuration.statementLimit)
        try connection.command(begin)
        return connection
    }

    private func giveBack(_ connection: PostgresConnection) { idle.withLock { $0.append(connection) } }
}
