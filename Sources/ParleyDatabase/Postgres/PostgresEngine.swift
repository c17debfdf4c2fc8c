import NIOPosix
import Synchronization

/// PostgreSQL by libpq: one blocking connection on each thread of a pool; callers wait in order of arrival.
final class PostgresEngine: Engine {
    let dialect = Dialect.postgres
    private let url: String
    private let threads: NIOThreadPool
    private let idle = Mutex<[PostgresConnection]>([])

    init(url: String, connections: Int) {
        self.url = url
        threads = NIOThreadPool(numberOfThreads: connections)
        threads.start()
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await transaction("BEGIN", body)
    }

    func close() async {
        try? await threads.shutdownGracefully()
        idle.withLock { $0 = [] }
    }

    private func transaction<T: Sendable>(_ begin: String, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await threads.perform { [self] in
            let connection = try lease(begin)
            do {
                let result = try body(Connection(connection))
                try connection.command("COMMIT")
                giveBack(connection)
                return result
            } catch {
                if connection.isUsable, (try? connection.command("ROLLBACK")) != nil { giveBack(connection) }
                throw error
            }
        }
    }

    /// A connection with an open transaction. One that broke while it was idle is replaced, once.
    private func lease(_ begin: String) throws -> PostgresConnection {
        if let connection = idle.withLock({ $0.popLast() }) {
            do {
                try connection.command(begin)
                return connection
            } catch let error as DatabaseError where error.code == .connection {
                idle.withLock { $0 = [] }
            }
        }
        let connection = try PostgresConnection(url: url)
        try connection.command(begin)
        return connection
    }

    private func giveBack(_ connection: PostgresConnection) { idle.withLock { $0.append(connection) } }
}
