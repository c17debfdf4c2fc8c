import CPostgres
import ParleyCore

/// Where a PostgreSQL database is, told to PostgreSQL's own programs by their environment, so that no password stands on a command line.
public struct PostgresAddress: Sendable {
    /// The variables that libpq reads, such as `PGHOST` and `PGPASSWORD` (PostgreSQL's documentation, "Environment Variables").
    public let environment: [String: String]

    /// - Throws: `settings.invalid` when the URL is none that libpq understands.
    public init(url: String) throws {
        guard let options = PQconninfoParse(url, nil) else {
            throw ParleyError(.settingsInvalid, "database.url must be like postgres://USER:PASSWORD@HOST:PORT/NAME.")
        }
        defer { PQconninfoFree(options) }
        var environment: [String: String] = [:]
        var option = options
        while option.pointee.keyword != nil {
            if let variable = option.pointee.envvar, let value = option.pointee.val {
                environment[String(cString: variable)] = String(cString: value)
            }
            option += 1
        }
        self.environment = environment
    }
}
