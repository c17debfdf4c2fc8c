public import Foundation
public import ParleyDatabase

/// What is backed up, or what a back-up is restored to.
public struct BackedUpInstallation: Sendable {
    /// The version of this program.
    let version: String
    let dataFolder: URL
    let databaseURL: String
    /// Where uploaded files lie.
    let files: URL
    let isKeyInSettings: Bool
    /// Every migration that this program knows.
    let migrations: [Migration]
    let rows: BackedUpRows

    public init(
        version: String, dataFolder: URL, databaseURL: String, files: URL, isKeyInSettings: Bool, migrations: [Migration],
        rows: BackedUpRows
    ) {
        (self.version, self.dataFolder, self.databaseURL, self.files) = (version, dataFolder, databaseURL, files)
        (self.isKeyInSettings, self.migrations, self.rows) = (isKeyInSettings, migrations, rows)
    }

    var engine: BackupManifest.Engine { databaseURL.hasPrefix("sqlite:") ? .sqlite : .postgres }

    /// The database's file when it is SQLite.
    var databaseFile: URL { URL(filePath: String(databaseURL.dropFirst("sqlite:".count))) }
}

/// What a back-up must know of the rows, which belong to the product's features.
public struct BackedUpRows: Sendable {
    /// Calls the body with the hash of each file that rows name, every one once, in ascending order.
    let forEachFile: @Sendable (Connection, (String) throws -> Void) throws -> Void
    let counts: @Sendable (Connection) throws -> (documents: Int, people: Int)
    /// Called in a transaction on rows that came to another PostgreSQL server.
    let moved: @Sendable (Connection) throws -> Void
    /// Holds off the removal of files that no row names, as long as what it gives lives.
    let holdFiles: @Sendable () async throws -> any Sendable

    public init(
        forEachFile: @escaping @Sendable (Connection, (String) throws -> Void) throws -> Void,
        counts: @escaping @Sendable (Connection) throws -> (documents: Int, people: Int),
        moved: @escaping @Sendable (Connection) throws -> Void, holdFiles: @escaping @Sendable () async throws -> any Sendable
    ) {
        (self.forEachFile, self.counts, self.moved, self.holdFiles) = (forEachFile, counts, moved, holdFiles)
    }
}
