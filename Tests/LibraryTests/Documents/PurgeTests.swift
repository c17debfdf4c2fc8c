import Foundation
import NIOCore
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTelemetry
import ParleyTesting
import Testing

@testable import Library

@Suite struct PurgeTests {
    private struct Clock: WallClock {
        func now() -> Timestamp { Shelf.moment + .seconds(40 * 86_400) }
    }

    /// A shelf, and what purges it 40 days after its documents came.
    private func with(_ dialect: Dialect, _ body: (Shelf, FolderBlobStore, DocumentPurge) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-purge-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Shelf.with(dialect) { shelf in
            let blobs = try FolderBlobStore(folder: folder)
            let purge = DocumentPurge(
                database: shelf.database, blobs: blobs, events: Events(database: shelf.database, clock: Clock()), clock: Clock(),
                telemetry: .silent(), keep: .seconds(30 * 86_400))
            try await body(shelf, blobs, purge)
        }
    }

    /// A document that was read, with its file and passages.
    private func add(_ number: Int, passages: Int = 3, to shelf: Shelf, _ blobs: FolderBlobStore, age: TimeInterval = 3600) async throws
        -> Document
    {
        let document = shelf.document(number)
        try await shelf.add([document])
        let file = blobs.place(of: document.latest.contentHash)
        try Data("\(number)".utf8).write(to: file)
        try FileManager.default.setAttributes([.modificationDate: Date() - age], ofItemAtPath: file.path)
        let chunks = shelf.chunks(passages, of: document)
        try await shelf.database.write { connection in
            try ChunkStore().insert(chunks, in: connection)
            try RevisionStore().makeCurrent(document.latest.id, at: Shelf.moment, in: connection)
        }
        return document
    }

    private func delete(_ document: Document, _ shelf: Shelf, daysAgo: Int) async throws {
        let moment = Clock().now() + .seconds(-daysAgo * 86_400)
        try await shelf.database.write { try DocumentStore().setDeleted(document.id, moment, now: moment, in: $0) }
    }

    private func rows(_ table: SQL, of document: Document, _ shelf: Shelf) async throws -> Int {
        let row = try await shelf.database.read {
            try $0.row("SELECT count(*) AS n FROM \(fragment: table) WHERE document_id = \(document.id)").map { try $0["n"] as Int }
        }
        return row ?? 0
    }

    @Test(arguments: TestDatabases.all)
    func whatWasDeletedLongAgoGoes(_ dialect: Dialect) async throws {
        try await with(dialect) { shelf, blobs, purge in
            let old = try await add(1, passages: 1203, to: shelf, blobs)
            let recent = try await add(2, to: shelf, blobs)
            let living = try await add(3, to: shelf, blobs)
            try await delete(old, shelf, daysAgo: 31)
            try await delete(recent, shelf, daysAgo: 29)
            #expect(try await purge.round() == 1)
            for table: SQL in ["revisions", "chunks"] { #expect(try await rows(table, of: old, shelf) == 0) }
            #expect(!blobs.holds(old.latest.contentHash))
            for document in [recent, living] {
                #expect(try await rows("revisions", of: document, shelf) == 1)
                #expect(try await rows("chunks", of: document, shelf) == 3)
                #expect(blobs.holds(document.latest.contentHash))
            }
            let told = try await Events(database: shelf.database, clock: Clock()).read(after: .start, limit: 10)
            #expect(told.map(\.kind) == ["document.purged"] && told.first?.subject == old.id.description)
            #expect(try await purge.round() == 0)
        }
    }

    @Test(arguments: TestDatabases.all)
    func aDeletedProjectLeavesNothing(_ dialect: Dialect) async throws {
        try await with(dialect) { shelf, blobs, purge in
            let document = try await add(1, to: shelf, blobs)
            let project = shelf.project
            try await shelf.database.write { try $0.execute("UPDATE projects SET deleted_at = \(Clock().now()) WHERE id = \(project)") }
            #expect(try await purge.round() == 1)
            #expect(try await rows("chunks", of: document, shelf) == 0 && !blobs.holds(document.latest.contentHash))
        }
    }

    @Test(arguments: TestDatabases.all)
    func whatIsStillInUseStays(_ dialect: Dialect) async throws {
        try await with(dialect) { shelf, blobs, purge in
            let working = shelf.document(1)
            try await shelf.add([working])
            try await delete(working, shelf, daysAgo: 31)
            #expect(try await purge.round() == 0, "a job reads it")

            let fresh = try await add(2, to: shelf, blobs, age: 10)
            try await delete(fresh, shelf, daysAgo: 31)
            #expect(try await purge.round() == 0, "a row that names the same file may be on its way")
            #expect(blobs.holds(fresh.latest.contentHash))
            #expect(try await rows("revisions", of: fresh, shelf) == 1, "while the file is there, it counts")

            let other = ProjectID(at: Shelf.moment + .seconds(1))
            let shared = try await add(3, to: shelf, blobs)
            try await delete(shared, shelf, daysAgo: 31)
            try await shelf.database.write { connection in
                try shelf.addProject(other, in: connection)
                let copy = Document(
                    id: DocumentID(at: Shelf.moment), project: other, name: "copy", tags: [],
                    latest: Revision(
                        id: RevisionID(at: Shelf.moment), contentHash: shared.latest.contentHash, size: 1, mediaType: "text/plain",
                        state: .ready, progress: 1), currentRevision: nil, createdAt: Shelf.moment, updatedAt: Shelf.moment, deletedAt: nil)
                try DocumentStore().insert(copy, creator: shelf.owner, in: connection)
            }
            #expect(try await purge.round() == 1)
            #expect(blobs.holds(shared.latest.contentHash), "another project's document has the same bytes")
        }
    }
}
