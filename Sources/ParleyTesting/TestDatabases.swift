import Foundation
import Logging
public import ParleyDatabase
import Synchronization

/// Fresh databases for tests, which run on both engines:
/// `@Test(arguments: TestDatabases.all) func x(_ dialect: Dialect) async throws { try await TestDatabases.with(dialect, migrations) { … } }`
public enum TestDatabases {
    /// Every engine.
    public static let all = Dialect.allCases

    /// Runs the body on a database of its own that has these migrations.
    public static func with<T>(
        _ dialect: Dialect, _ migrations: [Migration] = [], connections: Int = 4, _ body: (Database) async throws -> T
    ) async throws -> T {
        try await withURL(dialect, migrations) { url in
            let database = try await open(url, connections: connections)
            do {
                let result = try await body(database)
                await database.close()
                return result
            } catch {
                await database.close()
                throw error
            }
        }
    }

    /// Runs the body with the URL of a database of its own that has these migrations.
    public static func withURL<T>(_ dialect: Dialect, _ migrations: [Migration] = [], _ body: (String) async throws -> T) async throws -> T
    {
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        switch dialect {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let url = "sqlite:" + folder.appending(path: "parley.sqlite").path
            try await migrate(url, migrations)
            return try await body(url)
        case .postgres:
            let server = try await PostgresServer.shared.value
            try await server.create(name, copying: template(for: migrations))
            do {
                let result = try await body(server.url(name))
                try await server.drop(name)
                return result
            } catch {
                try? await server.drop(name)
                throw error
            }
        }
    }

    /// Opens a database without log lines: what tests provoke is no news.
    public static func open(_ url: String, connections: Int = 4, waitLimit: Duration = .seconds(10)) async throws -> Database {
        let configuration = Database.Configuration(url: url, connections: connections, waitLimit: waitLimit)
        return try await Database.open(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private static let templates = Mutex<[[Migration]: Task<String, any Error>]>([:])

    /// The name of a database with these migrations, which is made once and copied for each test.
    private static func template(for migrations: [Migration]) async throws -> String {
        let task = templates.withLock { templates in
            if let task = templates[migrations] { return task }
            let name = "template_\(templates.count)"
            let task = Task {
                let server = try await PostgresServer.shared.value
                try await server.create(name)
                try await migrate(server.url(name), migrations)
                return name
            }
            templates[migrations] = task
            return task
        }
        return try await task.value
    }

    private static func migrate(_ url: String, _ migrations: [Migration]) async throws {
        guard !migrations.isEmpty else { return }
        let database = try await open(url, connections: 1)
        do {
            try await Migrator(database, migrations: migrations).migrate()
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }
}
