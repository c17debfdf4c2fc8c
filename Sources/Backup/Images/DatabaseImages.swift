import Foundation
import ParleyCore
import ParleyDatabase

/// Images of a database in one file, and databases of such images.
protocol DatabaseImages: Sendable {
    /// PostgreSQL's major version by which images are made; 0 with SQLite.
    func version() async throws -> Int

    /// Writes an image of one moment into a new file.
    /// - Parameter body: is given the same rows, perhaps twice.
    func make<T: Sendable>(_ file: URL, reading body: @escaping @Sendable (Connection) throws -> T) async throws -> T

    /// Makes sure that an image can come to where the settings say.
    /// - Throws: `backup.occupied` when there is something already.
    func checkPlace() async throws

    /// Makes a database of the image, looks at whether it is whole, and runs the body on it.
    /// - Parameter isTrial: nothing is to stay.
    /// - Returns: nil when there is nowhere to try it.
    /// - Throws: `backup.damaged`, or what the body throws.
    func use<T: Sendable>(
        _ file: URL, madeBy version: Int, isTrial: Bool, _ body: @Sendable (Database) async throws -> T
    ) async throws -> T?
}

extension Database {
    /// Runs the body on a database that is closed afterwards.
    static func with<T: Sendable>(_ url: String, _ body: @Sendable (Database) async throws -> T) async throws -> T {
        let database = try Database(Configuration(url: url, connections: 1, statementLimit: .seconds(3600)))
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
