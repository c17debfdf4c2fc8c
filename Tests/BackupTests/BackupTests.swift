import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import Backup

@Suite struct BackupTests {
    /// Runs the body with the URL of a place to restore to.
    private func target(_ dialect: Dialect, _ folder: URL, _ body: (String) async throws -> Void) async throws {
        if dialect == .sqlite { return try await body("sqlite:" + folder.appending(path: "parley.sqlite").path) }
        try await TestDatabases.withURL(.postgres) { try await body($0) }
    }

    @Test(arguments: TestDatabases.all, [false, true])
    func whatWasBackedUpComesBack(_ dialect: Dialect, _ isEncrypted: Bool) async throws {
        try await House.with(dialect) { house in
            for number in 0..<5 { try await house.add("paper \(number)") }
            try house.folder.put("data/parley.yaml", Array("data: {path: x}".utf8))
            try house.folder.put("data/cache.bin", [1])
            let (file, new) = (house.folder.file("file"), house.folder.file("new"))
            let made = try await house.backups(isEncrypted: isEncrypted).make(.file(file))
            #expect(made.documents == 5 && made.people == 1 && made.manifest.files == 5 && made.isEncrypted == isEncrypted)
            #expect(try house.folder.bytes("file").count == made.bytes)
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
            if isEncrypted {
                let locked = await #expect(throws: ParleyError.self) { _ = try await house.backups().check(.file(file)) }
                #expect(locked?.code == .backupLocked)
            }
            // What comes after is not in it.
            try await house.add("paper 6")

            let tried = try await house.backups(isEncrypted: isEncrypted).check(.file(file))
            #expect(tried.documents == 5 && tried.bytes == made.bytes && tried.isDatabaseTried && tried.warnings.isEmpty)
            try await target(dialect, new) { url in
                let (report, former) = try await house.backups(data: new, database: url, isEncrypted: isEncrypted).restore(.file(file))
                #expect(report.documents == 5 && former == nil)
                let database = try await TestDatabases.open(url)
                let rows = try await database.read {
                    try $0.rows("SELECT id, moved FROM papers ORDER BY id").map { (try $0["id"] as String, try $0["moved"] as Bool) }
                }
                await database.close()
                #expect(rows.map(\.0) == (0..<5).map { "paper \($0)" })
                #expect(rows.allSatisfy { $0.1 == (dialect == .postgres) }, "rows that came to another server were told so")
                for row in rows {
                    let hash = hash(Array(row.0.utf8))
                    #expect(try house.folder.bytes("new/blobs/\(hash.prefix(2))/\(hash)") == Array(row.0.utf8))
                }
                #expect(try house.folder.bytes("new/installation.key") == house.folder.bytes("data/installation.key"))
                let others = ["blobs", "installation.key", "parley.yaml"] + (dialect == .sqlite ? ["parley.sqlite"] : [])
                #expect(house.folder.names(in: "new").filter { !$0.hasPrefix("parley.sqlite-") } == others.sorted())
                let again = await #expect(throws: ParleyError.self) {
                    _ = try await house.backups(data: new, database: url, isEncrypted: isEncrypted).restore(.file(file))
                }
                #expect(again?.code == .backupOccupied)
            }
            #expect(house.folder.names().filter { $0.hasPrefix(".") }.isEmpty, "nothing is left behind")
        }
    }

    @Test func theFormerFolderIsMovedAside() async throws {
        try await House.with(.sqlite) { house in
            try await house.add("old")
            let file = house.folder.file("file")
            try await house.backups().make(.file(file))
            try await house.add("new")
            let refused = await #expect(throws: ParleyError.self) { _ = try await house.backups().restore(.file(file)) }
            #expect(refused?.code == .backupOccupied)
            let former = try await house.backups().restore(.file(file), replacing: true).former
            #expect(try await papers(house.databaseURL) == ["old"])
            let aside = try #require(former)
            #expect(try await papers("sqlite:" + aside.appending(path: "parley.sqlite").path) == ["new", "old"])
        }
    }

    private func papers(_ url: String) async throws -> [String] {
        let database = try await TestDatabases.open(url)
        let papers: [String] = try await database.read { try $0.rows("SELECT id FROM papers ORDER BY id").map { try $0["id"] } }
        await database.close()
        return papers
    }

    @Test(arguments: TestDatabases.all)
    func filesThatAreMissingOrDamagedAreTold(_ dialect: Dialect) async throws {
        try await House.with(dialect) { house in
            for number in 0..<4 { try await house.add("paper \(number)") }
            let hashes = (0..<4).map { hash(Array("paper \($0)".utf8)) }
            try FileManager.default.removeItem(at: house.data.appending(path: "blobs/\(hashes[0].prefix(2))/\(hashes[0])"))
            try house.folder.put("data/blobs/\(hashes[1].prefix(2))/\(hashes[1])", Array("paper X".utf8))
            let file = house.folder.file("file")
            let made = try await house.backups().make(.file(file))
            #expect(made.manifest.missing == 1 && made.damaged == 1 && made.warnings.count == 2)
            let new = house.folder.file("new")
            try await target(dialect, new) { url in
                let report = try await house.backups(data: new, database: url).restore(.file(file)).report
                #expect(report.manifest.missing == 1 && report.damaged == 1)
                let restored = hashes.filter {
                    FileManager.default.fileExists(atPath: new.appending(path: "blobs/\($0.prefix(2))/\($0)").path)
                }
                #expect(restored == Array(hashes[2...]))
            }
        }
    }

    @Test func aDatabaseWithFaultsDoesNotStandItsTrial() async throws {
        try await House.with(.sqlite) { house in
            try await house.add("paper")
            let database = try await TestDatabases.open(house.databaseURL)
            try await database.write { try $0.execute("INSERT INTO people (id) VALUES ('bob')") }
            await database.close()
            // A row that names nobody, as after a repair by hand.
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [
                "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(\"DELETE FROM people WHERE id='ada'\"); c.commit()",
                house.data.appending(path: "parley.sqlite").path,
            ]
            try process.run()
            process.waitUntilExit()
            let file = house.folder.file("file")
            let error = await #expect(throws: ParleyError.self) { try await house.backups().make(.file(file), isTried: true) }
            #expect(error?.code == .backupDamaged && error?.message.contains("papers") == true, "\(error?.message ?? "")")
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func theProgramsMustBeThereAndNewEnough() async throws {
        try await House.with(.postgres) { house in
            let place = BackupTarget.file(house.folder.file("file"))
            let missing = await #expect(throws: ParleyError.self) {
                try await house.backups(["backup-postgres-programs": "/nowhere"]).make(place)
            }
            #expect(missing?.code == .backupProgram && missing?.message.contains("/nowhere") == true)
            let old = try house.folder.put("old/pg_dump", Array("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.4'\n".utf8))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: old.path)
            let tooOld = await #expect(throws: ParleyError.self) {
                try await house.backups(["backup-postgres-programs": house.folder.file("old").path]).make(place)
            }
            #expect(tooOld?.code == .backupProgram && tooOld?.message.contains("version 12") == true, "\(tooOld?.message ?? "")")
            #expect(house.folder.names().allSatisfy { !$0.hasPrefix(".") && $0 != "file" })
        }
    }

    @Test func aBackupOfTheOtherEngineIsRefused() async throws {
        try await House.with(.sqlite) { house in
            let file = house.folder.file("file")
            try await house.backups().make(.file(file))
            try await TestDatabases.withURL(.postgres) { url in
                let error = await #expect(throws: ParleyError.self) {
                    _ = try await house.backups(data: house.folder.file("new"), database: url).restore(.file(file))
                }
                #expect(error?.code == .backupFailed && error?.message.contains("SQLite") == true)
            }
        }
    }

    @Test func whatAKilledProcessLeftIsRemovedByTheNext() async throws {
        try await House.with(.sqlite) { house in
            let living = try WorkFolder(in: house.folder.url)
            try house.folder.put(".parley-backup-dead/image", [1, 2, 3])
            try await house.backups().make(.file(house.folder.file("file")))
            #expect(house.folder.names().filter { $0.hasPrefix(".") } == [living.url.lastPathComponent])
        }
    }

    @Test func aFileIsNotWrittenOver() async throws {
        try await House.with(.sqlite) { house in
            try house.folder.put("file", [1])
            let error = await #expect(throws: ParleyError.self) { try await house.backups().make(.file(house.folder.file("file"))) }
            #expect(error?.code == .backupOccupied)
            #expect(try house.folder.bytes("file") == [1])
        }
    }

    @Test func aFolderWithoutAnInstallationIsTold() async throws {
        let folder = try Folder()
        let house = House(folder: folder, databaseURL: "sqlite:" + folder.file("data/parley.sqlite").path, programs: nil)
        let error = await #expect(throws: ParleyError.self) { try await house.backups().make(.file(folder.file("file"))) }
        #expect(error?.code == .notFound && error?.message.contains("data.path") == true && folder.names() == [])
    }

    @Test func passphrasesThatCouldBeGuessedAreRefused() throws {
        let folder = try Folder()
        for (text, isGood) in [
            ("four quiet rivers of ink\n", true), ("short", false), ("passwordpassword", true), ("aaaaaaaaaaaaaaaa", false), ("", false),
        ] {
            let file = try folder.put("passphrase", Array(text.utf8))
            let configuration = BackupConfiguration(SettingsReader(flags: ["backup-passphrase-file": file.path]))
            if isGood {
                #expect(try configuration.passphrase() != nil)
            } else {
                #expect(throws: ParleyError.self) { try configuration.passphrase() }
            }
        }
    }
}
