import Accounts
import Foundation
import NIOCore
import ParleyCore
import ParleyDatabase
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import Library

@Suite struct AdmissionTests {
    private let ada = UserID(at: Timestamp(milliseconds: 1))
    private let bob = UserID(at: Timestamp(milliseconds: 2))

    private struct Place {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-admission-" + UUID().uuidString)
        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    @Test(arguments: TestDatabases.all)
    func quotasCountWhatIsStored(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let documents = (1...3).map { shelf.document($0 * 100) }
            try await shelf.add(documents)
            let (project, owner) = (shelf.project, shelf.owner)
            func refusal(_ quotas: Quotas, _ size: Int) async -> ParleyError? {
                do {
                    try await shelf.database.write { try StorageQuota(quotas).check(adding: size, to: project, by: owner, in: $0) }
                    return nil
                } catch {
                    return error as? ParleyError
                }
            }
            #expect(await refusal(Quotas(), 1 << 40) == nil)
            #expect(await refusal(Quotas(project: Quota(storage: 700)), 100) == nil)
            let full = await refusal(Quotas(project: Quota(storage: 700)), 101)
            #expect(full?.code == .storageQuota && full?.limit == ReachedLimit(700, used: 600))
            #expect(await refusal(Quotas(user: Quota(documents: 3)), 1)?.code == .documentQuota)
            try await shelf.database.write { try DocumentStore().setDeleted(documents[0].id, Shelf.moment, now: Shelf.moment, in: $0) }
            #expect(await refusal(Quotas(user: Quota(documents: 3)), 1) == nil)
            let use = try await shelf.database.read { try StorageQuota().standing(of: owner, in: $0).use }
            #expect(use == StorageUse(documents: 2, bytes: 600), "its bytes are still there")

            // What a document expands to counts as well.
            let last = documents[2]
            func expansion(_ quotas: Quotas, by more: Int) async -> ParleyError? {
                do {
                    try await shelf.database.write {
                        try StorageQuota(quotas).check(expanding: last.id, of: project, by: more, in: $0)
                    }
                    return nil
                } catch {
                    return error as? ParleyError
                }
            }
            try await shelf.database.write { try RevisionStore().add(stored: 1000, to: last.latest.id, in: $0) }
            for quotas in [Quotas(user: Quota(storage: 2000)), Quotas(project: Quota(storage: 2000, documents: 0))] {
                #expect(await expansion(quotas, by: 400) == nil)
                #expect(await expansion(quotas, by: 401)?.limit == ReachedLimit(2000, used: 2001))
            }
            #expect(await expansion(Quotas(), by: 1 << 40) == nil)
            try await shelf.database.write { try RevisionStore().setEmpty(last.latest.id, in: $0) }
            #expect(try await shelf.database.read { try StorageQuota().standing(of: owner, in: $0).use.bytes } == 600)
        }
    }

    @Test func noMoreUploadsAtOnceThanAllowed() async throws {
        let admission = UploadAdmission(atOnce: 1)
        try await admission.admitting(ada) {
            let refused = await #expect(throws: ParleyError.self) { try await admission.admitting(bob) {} }
            #expect(refused?.code == .uploadOverloaded && refused?.retryAfter != nil)
        }
        await #expect(throws: CancellationError.self) { try await admission.admitting(ada) { throw CancellationError() } }
        try await admission.admitting(ada) {}
    }

    @Test func onePersonLeavesPlacesToOthers() async throws {
        let admission = UploadAdmission(atOnce: 4)
        try await admission.admitting(ada) {
            try await admission.admitting(ada) {
                let refused = await #expect(throws: ParleyError.self) { try await admission.admitting(ada) {} }
                #expect(refused?.code == .tooManyUploads && refused?.retryAfter != nil && refused?.limit == ReachedLimit(2, used: 2))
                try await admission.admitting(bob) {}
            }
            try await admission.admitting(ada) {}
        }
        let set = UploadAdmission(atOnce: 4, ofOne: 4)
        try await set.admitting(ada) { try await set.admitting(ada) { try await set.admitting(ada) {} } }
    }

    @Test func nothingIsTakenWhileTooMuchWaitsOrTheDiskIsLow() async throws {
        let waiting = UploadAdmission(backlog: 5, waiting: { 5 })
        #expect(await #expect(throws: ParleyError.self) { try await waiting.admitting(ada) {} }?.code == .ingestionOverloaded)
        let disk = DiskSpace(FileManager.default.temporaryDirectory, least: .max)
        #expect(disk.isLow && (disk.free ?? 0) > 0)
        #expect(await #expect(throws: ParleyError.self) { try await UploadAdmission(disk: disk).admitting(ada) {} }?.code == .diskFull)
        try await UploadAdmission(backlog: 5, disk: DiskSpace(FileManager.default.temporaryDirectory, least: 1), waiting: { 4 }).admitting(
            ada
        ) {}
    }

    @Test(arguments: TestDatabases.all)
    func filesThatNoDocumentNamesAreRemoved(_ dialect: Dialect) async throws {
        let place = Place()
        defer { place.remove() }
        try await Shelf.with(dialect) { shelf in
            let blobs = try FolderBlobStore(folder: place.folder)
            let hash = shelf.document(7).latest.contentHash
            try await shelf.add([shelf.document(7)])
            func put(_ text: String) async throws -> String {
                let bytes = AsyncStream<ByteBuffer> {
                    $0.yield(ByteBuffer(string: text))
                    $0.finish()
                }
                return try await blobs.put(bytes, limit: 100) { _ in }.blob.hash
            }
            try Data("kept".utf8).write(to: blobs.place(of: hash))
            let orphan = try await put("nobody names me")
            let sweep = BlobSweep(blobs: blobs, database: shelf.database, telemetry: Telemetry.silent())
            #expect(try await sweep.sweep(before: Date() - 60) == 0, "it may be an upload that is not yet committed")
            do {
                let holds = [try await BlobHold.shared(in: place.folder), try await BlobHold.shared(in: place.folder)]
                #expect(try await sweep.sweep(before: Date() + 60) == 0, "somebody copies the files")
                withExtendedLifetime(holds) {}
            }
            #expect(try await sweep.sweep(before: Date() + 60) == 1)
            await #expect(throws: ParleyError.self) { try await blobs.file(orphan) }
            _ = try await blobs.file(hash)
        }
    }

    @Test func whoCopiesFilesWaitsForTheSweep() async throws {
        let place = Place()
        defer { place.remove() }
        _ = try FolderBlobStore(folder: place.folder)
        var sweep = try BlobHold.alone(in: place.folder)
        #expect(sweep != nil)
        let folder = place.folder
        let copier = Task { _ = try await BlobHold.shared(in: folder) }
        try await Task.sleep(for: .milliseconds(150))
        #expect(try BlobHold.alone(in: folder) == nil)
        sweep = nil
        try await copier.value
    }

    @Test func whatADeadProcessHadReceivedInPartIsRemoved() throws {
        let place = Place()
        defer { place.remove() }
        _ = try FolderBlobStore(folder: place.folder)
        let part = place.folder.appending(path: "incoming/half")
        try Data("half of".utf8).write(to: part)
        _ = try FolderBlobStore(folder: place.folder)
        #expect(!FileManager.default.fileExists(atPath: part.path))
    }

    @Test func whatAnotherServerReceivesIsLeftAlone() throws {
        let place = Place()
        defer { place.remove() }
        _ = try FolderBlobStore(folder: place.folder)
        let part = place.folder.appending(path: "incoming/half")
        let writer = try FileWriter(part)
        _ = try FolderBlobStore(folder: place.folder)
        #expect(FileManager.default.fileExists(atPath: part.path), "it is being written")
        writer.close()
        _ = try FolderBlobStore(folder: place.folder)
        #expect(!FileManager.default.fileExists(atPath: part.path))
    }

    @Test func filesOfOneInstallationAreNoOthers() throws {
        let place = Place()
        defer { place.remove() }
        let blobs = try FolderBlobStore(folder: place.folder)
        try blobs.claim(for: "one")
        try FolderBlobStore(folder: place.folder).claim(for: "one")
        #expect(#expect(throws: ParleyError.self) { try blobs.claim(for: "two") }?.code == .storageTaken)
    }
}
