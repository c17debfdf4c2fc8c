import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import Library

@Suite struct StoreTests {
    private let documents = DocumentStore()
    private let revisions = RevisionStore()
    private let chunks = ChunkStore()

    @Test(arguments: TestDatabases.all)
    func aDocumentComesBackAsItWasPutIn(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let document = shelf.document(1, tags: ["über", "a", "z"])
            try await shelf.add([document, shelf.document(2)])
            let found = try await shelf.database.read { [documents] connection in
                (
                    try documents.document(document.id, in: shelf.project, connection),
                    try documents.document(hash: document.latest.contentHash, in: shelf.project, connection),
                    try documents.document(document.id, in: ProjectID(at: Shelf.moment), connection),
                    try documents.count(in: shelf.project, connection)
                )
            }
            #expect(found.0 == document && found.1 == document && found.2 == nil && found.3 == 2)
        }
    }

    @Test(arguments: TestDatabases.all)
    func theSameBytesCannotStandTwiceInAProject(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let document = shelf.document(1)
            try await shelf.add([document])
            let twin = Document(
                id: DocumentID(at: Shelf.moment), project: shelf.project, name: "twin", tags: [], latest: document.latest,
                currentRevision: nil,
                createdAt: Shelf.moment, updatedAt: Shelf.moment, deletedAt: nil)
            let error = await #expect(throws: DatabaseError.self) { try await shelf.add([twin]) }
            #expect(error?.isUniqueViolation == true)
        }
    }

    @Test(arguments: TestDatabases.all)
    func listsFilterAndGoOnWhereTheyStopped(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let all = (1...7).map { shelf.document($0) }
            try await shelf.add(all)
            try await shelf.database.write { [documents, revisions] connection in
                try documents.setDeleted(all[0].id, Shelf.moment, now: Shelf.moment, in: connection)
                try revisions.fail(all[1].latest.id, code: "a.b", message: "No.", in: connection)
            }
            func list(_ query: ListQuery = ListQuery(), deleted: Bool = false) async throws -> ListSlice<Document> {
                try await shelf.database.read { [documents] in try documents.documents(query, deleted: deleted, in: shelf.project, $0) }
            }
            let ids = all.map(\.id)
            #expect(try await list().items.map(\.id) == Array(ids.dropFirst()))
            #expect(try await list(deleted: true).items.map(\.id) == [ids[0]])
            let failed = ListCondition("state", .isOneOf([.text("failed")]))
            #expect(try await list(ListQuery(conditions: [failed])).items.map(\.id) == [ids[1]])
            let first = try await list(ListQuery(limit: 2, countsAll: true))
            #expect(first.items.map(\.id) == Array(ids[1...2]) && first.previous == nil)
            #expect(first.total == ListTotal(counted: 6))
            let second = try await list(ListQuery(place: first.next, limit: 2))
            #expect(second.items.map(\.id) == Array(ids[3...4]))
            #expect(try await list(ListQuery(place: second.previous, limit: 2)).items.map(\.id) == Array(ids[1...2]))
            let counts = try await shelf.database.read { [documents] in try documents.counts(in: shelf.project, $0) }
            #expect(counts == [.queued: 5, .failed: 1])
        }
    }

    @Test(arguments: TestDatabases.all)
    func aRevisionGoesItsWay(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let document = shelf.document(1)
            let id = document.latest.id
            try await shelf.add([document])
            func after(_ change: @escaping @Sendable (RevisionStore, Connection) throws -> Void) async throws -> Document {
                try await shelf.database.write { [documents, revisions] connection in
                    try change(revisions, connection)
                    guard let found = try documents.document(document.id, in: shelf.project, connection) else { throw Missing() }
                    return found
                }
            }
            let parsing = try await after { try $0.advance(id, to: .parsing, progress: 0.02, in: $1) }
            #expect(parsing.latest.state == .parsing && parsing.latest.progress == 0.02)
            let failed = try await after { try $0.fail(id, code: "document.damaged", message: "It is damaged.", in: $1) }
            #expect(failed.latest.state == .failed && failed.latest.failure == .init(code: "document.damaged", message: "It is damaged."))
            let restarted = try await after { try $0.restart(id, in: $1) }
            #expect(restarted.latest.state == .queued && restarted.latest.failure == nil && restarted.currentRevision == nil)
            let read = try await after {
                try $0.setParsed(id, title: "Title", pages: 3, bytes: 7, in: $1)
                try $0.setChunked(id, chunks: 12, in: $1)
            }
            #expect(read.latest.pages == 3 && read.latest.chunks == 12)
            let ready = try await after { try $0.makeCurrent(id, at: Shelf.moment + .seconds(9), in: $1) }
            #expect(ready.latest.state == .ready && ready.latest.progress == 1 && ready.currentRevision == id)
            #expect(ready.updatedAt == Shelf.moment + .seconds(9))
            let source = try await shelf.database.read { [revisions] in try revisions.source(id, in: $0) }
            #expect(source?.title == "Title" && source?.chunks == 12 && source?.state == .ready && source?.document == document.id)
            let nothing = try await shelf.database.read { [revisions] in try revisions.source(RevisionID(at: Shelf.moment), in: $0) }
            #expect(nothing == nil)
        }
    }

    @Test(arguments: TestDatabases.all)
    func onlyChunksOfCurrentRevisionsLive(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let document = shelf.document(1)
            let rows = shelf.chunks(5, of: document)
            try await shelf.add([document])
            let (revision, project) = (document.latest.id, shelf.project)
            try await shelf.database.write { [chunks] in try chunks.insert(rows, in: $0) }
            func live(_ project: ProjectID = project) async throws -> [StoredChunk] {
                try await shelf.database.read { [chunks] in
                    try chunks.live(rows.map(\.id) + [ChunkID(at: Shelf.moment)], in: project, $0).map(\.chunk).sorted {
                        $0.ordinal < $1.ordinal
                    }
                }
            }
            let stored = try await shelf.database.read { [chunks] in try chunks.chunks(of: revision, after: 1, limit: 2, in: $0) }
            #expect(stored == Array(rows[2...3]))
            #expect(try await live().isEmpty, "not current yet")
            try await shelf.database.write { [revisions] in try revisions.makeCurrent(revision, at: Shelf.moment, in: $0) }
            #expect(try await live() == rows)
            #expect(try await live(ProjectID(at: Shelf.moment)).isEmpty, "another project does not see them")
            try await shelf.database.write { [documents] in try documents.setDeleted(document.id, Shelf.moment, now: Shelf.moment, in: $0) }
            #expect(try await live().isEmpty)
            try await shelf.database.write { [documents, chunks] connection in
                try documents.setDeleted(document.id, nil, now: Shelf.moment, in: connection)
                try chunks.deleteAll(of: revision, in: connection)
            }
            #expect(try await live().isEmpty)
        }
    }

    @Test(arguments: TestDatabases.all)
    func aParsedTextIsReadByItsDocumentAlone(_ dialect: Dialect) async throws {
        try await Shelf.with(dialect) { shelf in
            let (document, other) = (shelf.document(1), shelf.document(2))
            try await shelf.add([document, other])
            let outline = Outline(
                pages: [.init(number: 1, from: 0, to: 3), .init(number: 2, from: 4, to: 9)],
                headings: [.init(level: 2, text: "Ü 🎉", from: 1)])
            let (texts, revision) = (ParsedTextStore(), document.latest.id)
            let found = try await shelf.database.write { connection in
                let none = Outline(pages: [], headings: [])
                try texts.put(ParsedText(text: "old", length: 3, outline: none), JSONText(none), of: revision, in: connection)
                try texts.put(
                    ParsedText(text: "Ünï 🎉\ntext", length: 10, outline: outline), JSONText(outline), of: revision, in: connection)
                return (
                    try texts.text(revision, of: document.id, in: connection), try texts.text(revision, of: other.id, in: connection),
                    try PageFinder([revision, other.latest.id], in: connection)
                )
            }
            #expect(found.0?.text == "Ünï 🎉\ntext" && found.0?.length == 10 && found.0?.outline == outline)
            #expect(found.1 == nil)
            let pages = [0, 3, 4, 100].map { found.2.page(of: revision, at: $0) }
            #expect(pages == [1, 1, 2, 2] && found.2.page(of: other.latest.id, at: 0) == nil)
        }
    }

    private struct Missing: Error {}
}
