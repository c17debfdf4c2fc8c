public import ParleyCore

/// The first entry of a back-up: what it is of, and how much is in it.
public struct BackupManifest: Sendable, Equatable {
    public enum Engine: String, Sendable {
        case sqlite, postgres

        /// The name of the entry that holds the database.
        var entry: String {
            switch self {
            case .sqlite: "parley.sqlite"
            case .postgres: "database.pgdump"
            }
        }
    }

    /// The layout of the file; a file of another one is refused.
    private static let format: Int64 = 1

    /// The version of Parley that made it.
    public let version: String
    /// The database is that of this moment.
    public let madeAt: Timestamp
    public let engine: Engine
    /// PostgreSQL's major version by which the dump was made; 0 with SQLite.
    let dumpVersion: Int
    let databaseBytes: Int
    /// Uploaded files in it.
    public let files: Int
    let fileBytes: Int
    /// Uploaded files that documents name and that were not there when it was made.
    public let missing: Int
    /// Whether the installation's key was in the settings (`secrets.key`), so that it is not in the file.
    public let isKeyInSettings: Bool

    var bytes: [UInt8] {
        let members: [String: JSONValue] = [
            "format": .int(Self.format), "version": .string(version), "made_at": .string(madeAt.description),
            "engine": .string(engine.rawValue), "dump_version": .int(Int64(dumpVersion)), "database_bytes": .int(Int64(databaseBytes)),
            "files": .int(Int64(files)), "file_bytes": .int(Int64(fileBytes)), "missing_files": .int(Int64(missing)),
            "key_in_settings": .bool(isKeyInSettings),
        ]
        return Array(JSONValue.object(members).text.utf8)
    }
}

extension BackupManifest {
    /// - Throws: `backup.damaged`.
    init(parsing bytes: [UInt8]) throws {
        let value = (try? JSONValue(parsing: bytes)) ?? .null
        guard let format = value["format"]?.int else { throw ParleyError.damaged("it does not begin like a back-up") }
        guard format == Self.format else {
            throw ParleyError(
                .backupDamaged, "The back-up has format \(format), which this version of Parley does not read; use a newer one.")
        }
        func number(_ name: String) throws -> Int {
            guard let number = value[name]?.int, (0...1 << 50).contains(number) else {
                throw ParleyError.damaged("its first entry lacks \(name)")
            }
            return Int(number)
        }
        guard let version = value["version"]?.string, let moment = value["made_at"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
            let engine = value["engine"]?.string.flatMap({ Engine(rawValue: $0) }), let inSettings = value["key_in_settings"]?.bool
        else { throw ParleyError.damaged("its first entry is not that of a back-up") }
        self.init(
            version: version, madeAt: moment, engine: engine, dumpVersion: try number("dump_version"),
            databaseBytes: try number("database_bytes"), files: try number("files"), fileBytes: try number("file_bytes"),
            missing: try number("missing_files"), isKeyInSettings: inSettings)
    }
}
