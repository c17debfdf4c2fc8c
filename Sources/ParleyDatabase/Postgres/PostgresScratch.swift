import Foundation
import ParleyCore

/// An empty PostgreSQL database that is made beside another one, for a trial.
public struct PostgresScratch: Sendable {
    public let url: String
    private let home: String
    private let name: String

    /// - Returns: nil when the role may not make databases.
    /// - Throws: `DatabaseError`.
    public init?(beside home: String) throws {
        let connection = try PostgresConnection(url: home, statementLimit: .seconds(600))
        let right = try Connection(connection).row(
            "SELECT (rolcreatedb OR rolsuper) AS may FROM pg_roles WHERE rolname = current_user")
        guard try right?["may"] ?? false else { return nil }
        name = "parley_trial_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        self.home = home
        url = Self.url(home, naming: name)
        try connection.command("CREATE DATABASE \(name) TEMPLATE template0")
        let trial = try Connection(PostgresConnection(url: url, statementLimit: .seconds(60)))
        let reached: String? = try trial.row("SELECT current_database()::text AS name")?["name"]
        // A URL that names its database in another place would lead to the real one.
        guard reached == name else {
            try? remove()
            throw ParleyError(.settingsInvalid, "The database must be named by the path of database.url, as in postgres://HOST/NAME.")
        }
    }

    /// Removes it, whoever is connected.
    public func remove() throws {
        try PostgresConnection(url: home, statementLimit: .seconds(600)).command("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// The URL with another database's name as its path.
    static func url(_ url: String, naming name: String) -> String {
        guard let scheme = url.range(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let query = rest[authority.endIndex...].drop { $0 != "?" }
        return "\(url[..<scheme.upperBound])\(authority)/\(name)\(query)"
    }
}
