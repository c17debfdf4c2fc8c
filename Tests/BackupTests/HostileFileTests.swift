import Foundation
import ParleyCore
import ParleyDatabase
import Testing

@testable import Backup

/// Whatever stands in a file that is to be restored: nothing is written outside, and nothing of it is kept unless all is right.
@Suite struct HostileFileTests {
    /// Restores an archive; the error it gives, after having seen that nothing stays.
    private func refusal(_ bytes: [UInt8], _ what: String) async throws -> ParleyError? {
        let folder = try Folder()
        try folder.put("in/file", bytes)
        let house = House(folder: folder, databaseURL: "sqlite:" + folder.file("new/data/parley.sqlite").path, programs: nil)
        let backups = try house.backups(data: folder.file("new/data"))
        let error = await #expect(throws: ParleyError.self, "\(what)") { _ = try await backups.restore(.file(folder.file("in/file"))) }
        #expect(folder.names() == ["in", "new"] && folder.names(in: "new") == [] && folder.names(in: "in") == ["file"], "\(what)")
        return error
    }

    private func good() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await House.with(.sqlite) { house in
            for number in 0..<3 { try await house.add("paper \(number)") }
            try await house.backups().make(.file(house.folder.file("file")))
            bytes = try house.folder.bytes("file")
        }
        return bytes
    }

    @Test func aFileThatWasCutOffGivesNothing() async throws {
        let whole = try await good()
        for count in [0, 1, 511, 512, 513, 1536, whole.count / 2, whole.count - 1024, whole.count - 1] {
            let error = try await refusal(Array(whole.prefix(count)), "\(count) of \(whole.count) bytes")
            #expect(error?.code == .backupDamaged)
        }
        #expect(try await refusal(whole + [0], "longer")?.code == .backupDamaged)
    }

    @Test func aByteThatWasAlteredIsNoticed() async throws {
        let whole = try await good()
        let end = whole.count - 1
        for place in [0, 100, 157, 520, 1100, 2000, 20_000, whole.count / 2, end - 5000, end - 2600, end - 1100, end - 10] {
            var bad = whole
            bad[place] ^= 1
            #expect(try await refusal(bad, "byte \(place)")?.code == .backupDamaged)
        }
    }

    /// Archives that are whole in themselves, with entries that back-ups do not have.
    @Test func entriesOfOtherNamesAndPlacesAreRefused() async throws {
        let folder = try Folder()
        let image = try await self.image()
        let (one, two) = (Array("one".utf8), Array("two".utf8))
        let (first, second) = [one, two].map { ($0, hash($0)) }.sorted { $0.1 < $1.1 }.pair
        func archive(_ files: Int, _ bytes: Int, database: Int? = nil, _ add: (ArchiveWriter) throws -> Void) throws -> [UInt8] {
            let memory = MemorySink()
            let writer = try ArchiveWriter(memory, moment: Timestamp(milliseconds: 0), list: folder.file(UUID().uuidString))
            let manifest = BackupManifest(
                version: "1", madeAt: Timestamp(milliseconds: 0), engine: .sqlite, dumpVersion: 0, databaseBytes: database ?? image.count,
                files: files, fileBytes: bytes, missing: 0, isKeyInSettings: false)
            try writer.add("backup.json", manifest.bytes)
            try writer.add("parley.sqlite", image)
            try add(writer)
            try writer.finish(damaged: 0)
            return memory.bytes
        }
        func expectDamaged(_ what: String, _ bytes: [UInt8]) async throws {
            #expect(try await refusal(bytes, what)?.code == .backupDamaged, "\(what)")
        }
        for name in [
            "../outside", "/tmp/outside", "blobs/../../outside", "lock", "x.yaml/../../y", "blobs/ab/outside", "parley.sqlite",
            "parley.sqlite-wal",
        ] {
            try await expectDamaged(name, archive(0, 0) { try $0.add(name, one) })
        }
        try await expectDamaged(
            "wrong order",
            archive(2, 6) {
                try $0.add(EntryName.blob(second.1), second.0)
                try $0.add(EntryName.blob(first.1), first.0)
            })
        try await expectDamaged(
            "twice",
            archive(2, 6) {
                try $0.add(EntryName.blob(first.1), first.0)
                try $0.add(EntryName.blob(first.1), first.0)
            })
        try await expectDamaged(
            "more files than told",
            archive(1, 3) {
                try $0.add(EntryName.blob(first.1), first.0)
                try $0.add(EntryName.blob(second.1), second.0)
            })
        try await expectDamaged("more bytes than told", archive(1, 2) { try $0.add(EntryName.blob(first.1), first.0) })
        try await expectDamaged("fewer files than told", archive(2, 6) { try $0.add(EntryName.blob(first.1), first.0) })
        try await expectDamaged("a file that no row names", archive(1, 3) { try $0.add(EntryName.blob(first.1), first.0) })
        try await expectDamaged("a file of another content", archive(1, 3) { try $0.add(EntryName.blob(first.1), second.0) })
        try await expectDamaged("another database than told", archive(0, 0, database: image.count - 1) { _ in })
        try await expectDamaged(
            "the key after files",
            archive(1, 3) {
                try $0.add(EntryName.blob(first.1), first.0)
                try $0.add("installation.key", one)
            })
    }

    @Test func whatIsNoBackupIsRefused() async throws {
        #expect(try await refusal(Array("hello".utf8), "text")?.code == .backupDamaged)
        #expect(try await refusal([UInt8](repeating: 0, count: 2048), "zeros")?.code == .backupDamaged)
        #expect(try await refusal((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, "noise")?.code == .backupDamaged)
    }

    /// A database without papers.
    private func image() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await House.with(.sqlite) { house in
            let file = house.folder.file("image")
            try await SQLiteImages(database: house.data.appending(path: "parley.sqlite"), isInDataFolder: true).make(file) { _ in }
            bytes = try house.folder.bytes("image")
        }
        return bytes
    }
}

extension Array {
    fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}
