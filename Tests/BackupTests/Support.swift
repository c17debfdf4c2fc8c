import Crypto
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting

@testable import Backup

/// A folder that goes with the value.
final class Folder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "parley-backup-test-" + UUID().uuidString, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appending(path: name) }

    /// What lies in it, hidden things too.
    func names(in name: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: file(name).path)) ?? []).sorted()
    }

    /// Writes a file with these bytes.
    @discardableResult
    func put(_ name: String, _ bytes: [UInt8]) throws -> URL {
        try FileManager.default.createDirectory(at: file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file(name))
        return file(name)
    }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: file(name))) }
}

/// Bytes that are collected in memory.
final class MemorySink: ByteSink {
    var bytes: [UInt8] = []
    func write(_ more: UnsafeRawBufferPointer) throws { bytes.append(contentsOf: more) }
    func finish() throws {}
}

extension ByteSource {
    /// Everything that it gives.
    func rest() throws -> [UInt8] {
        var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1000))
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return all }
            all += buffer.prefix(count)
        }
    }
}

func hash(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }

/// An installation of few tables, with files.
struct House: Sendable {
    static let migrations = [
        Migration(
            "0001_house",
            up: [
                "CREATE TABLE people (id {id} PRIMARY KEY)",
                "CREATE TABLE papers (id {id} PRIMARY KEY, owner {id} NOT NULL REFERENCES people (id), content_hash {text} NOT NULL, moved {bool} NOT NULL)",
            ],
            down: ["DROP TABLE papers", "DROP TABLE people"])
    ]

    let folder: Folder
    let databaseURL: String
    let programs: String?
    var data: URL { folder.file("data") }
    var passphrase: URL { folder.file("passphrase") }

    static func with(_ dialect: Dialect, _ body: (House) async throws -> Void) async throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(at: folder.file("data/blobs"), withIntermediateDirectories: true)
        try folder.put("data/installation.key", Array("a key of thirty-two letters or so".utf8))
        switch dialect {
        case .sqlite:
            let house = House(folder: folder, databaseURL: "sqlite:" + folder.file("data/parley.sqlite").path, programs: nil)
            let database = try await TestDatabases.open(house.databaseURL)
            try await Migrator(database, migrations: migrations).migrate()
            await database.close()
            try await body(house)
        case .postgres:
            let programs = try await PostgresServer.shared.value.programs.path
            try await TestDatabases.withURL(.postgres, migrations) { url in
                try await body(House(folder: folder, databaseURL: url, programs: programs))
            }
        }
    }

    /// Adds a paper with its file.
    func add(_ content: String, owner: String = "ada") async throws {
        let (bytes, hash) = (Array(content.utf8), hash(Array(content.utf8)))
        try folder.put("data/blobs/\(hash.prefix(2))/\(hash)", bytes)
        let database = try await TestDatabases.open(databaseURL)
        try await database.write { connection in
            try connection.execute("INSERT INTO people (id) VALUES (\(owner)) ON CONFLICT (id) DO NOTHING")
            try connection.execute("INSERT INTO papers (id, owner, content_hash, moved) VALUES (\(content), \(owner), \(hash), \(false))")
        }
        await database.close()
    }

    func backups(
        data: URL? = nil, database: String? = nil, isEncrypted: Bool = false, clock: any WallClock = SystemClock(),
        _ more: [String: String] = [:]
    ) throws -> Backups {
        var flags = more
        flags["backup-postgres-programs"] = flags["backup-postgres-programs"] ?? programs
        if isEncrypted {
            try folder.put("passphrase", Array("four quiet rivers of ink\n".utf8))
            flags["backup-passphrase-file"] = passphrase.path
        }
        let data = data ?? self.data
        let installation = BackedUpInstallation(
            version: "9.9", dataFolder: data, databaseURL: database ?? databaseURL, files: data.appending(path: "blobs"),
            isKeyInSettings: false, migrations: Self.migrations, rows: Self.rows)
        return Backups(installation, BackupConfiguration(SettingsReader(flags: flags)), clock: clock)
    }

    private static let rows = BackedUpRows(
        forEachFile: { connection, body in
            try connection.forEach("SELECT DISTINCT content_hash FROM papers ORDER BY content_hash") { try body($0["content_hash"]) }
        },
        counts: { connection in
            let row = try connection.row(
                "SELECT (SELECT count(*) FROM papers) AS documents, (SELECT count(*) FROM people) AS people")
            return (try row?["documents"] ?? 0, try row?["people"] ?? 0)
        },
        moved: { try $0.execute("UPDATE papers SET moved = \(true)") }, holdFiles: { true })
}
