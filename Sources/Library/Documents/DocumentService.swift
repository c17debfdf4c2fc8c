public import Accounts
public import Foundation
public import NIOCore
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs
import ParleyParsing

/// Takes documents in, tells how far they are, gives them out, and takes them away.
public struct DocumentService: Sendable {
    let database: Database
    private let blobs: any BlobStore
    private let jobs: JobQueue
    private let events: Events
    private let clock: any WallClock
    private let uploadLimit: Int
    private let admission: UploadAdmission
    private let quota: StorageQuota
    private let store = DocumentStore()
    private let texts = ParsedTextStore()
    private let purges = PurgeStore()

    /// - Parameter uploadLimit: in bytes.
    public init(
        database: Database, blobs: any BlobStore, jobs: JobQueue, events: Events, clock: any WallClock, uploadLimit: Int,
        admission: UploadAdmission = UploadAdmission(), quotas: Quotas = Quotas()
    ) {
        (self.database, self.blobs, self.jobs) = (database, blobs, jobs)
        (self.events, self.clock, self.uploadLimit) = (events, clock, uploadLimit)
        (self.admission, quota) = (admission, StorageQuota(quotas))
    }

    /// Stores the bytes and queues their ingestion. Bytes that the project already has give the document that is there,
    /// restored if it was deleted.
    /// - Throws: `upload.too_large`, `upload.empty`, `storage.full`, `document.type_unsupported`, `quota.storage_exceeded`,
    ///   `quota.documents_exceeded`, `upload.overloaded`, `upload.too_many`, `ingestion.overloaded`.
    public func add<Bytes: AsyncSequence & Sendable>(
        _ bytes: Bytes, name: String, tags: [String], _ scope: ProjectScope<DocumentsWrite>
    ) async throws -> Upload where Bytes.Element == ByteBuffer {
        let (blob, type) = try await admission.admitting(scope.principal.user) {
            try await blobs.put(bytes, limit: uploadLimit) { try MediaTypeDetector.detect(file: $0, name: name) }
        }
        let new = New(name: Self.displayName(name), mediaType: type.mediaType, tags: Self.shown(tags), blob: blob)
        do {
            return try await keep(new, scope)
        } catch let error as DatabaseError where error.isUniqueViolation {
            // Somebody else put the same bytes in at the same moment: now they are there.
            return try await keep(new, scope)
        }
    }

    private struct New: Sendable {
        let name: String
        let mediaType: String
        let tags: [String]
        let blob: StoredBlob
    }

    private func keep(_ new: New, _ scope: ProjectScope<DocumentsWrite>) async throws -> Upload {
        let now = clock.now()
        return try await database.write { connection in
            if let known = try store.document(hash: new.blob.hash, in: scope.project, connection) {
                return Upload(document: try revive(known, now, scope, in: connection), isNew: false)
            }
            try quota.check(adding: new.blob.size, to: scope.project, by: scope.principal.user, in: connection)
            let revision = Revision(
                id: RevisionID(at: now), contentHash: new.blob.hash, size: new.blob.size, mediaType: new.mediaType, state: .queued,
                progress: 0)
            let document = Document(
                id: DocumentID(at: now), project: scope.project, name: new.name, tags: new.tags, latest: revision, currentRevision: nil,
                createdAt: now, updatedAt: now, deletedAt: nil)
            try store.insert(document, creator: scope.principal.user, in: connection)
            try tell("document.added", document, scope, in: connection)
            try enqueue(document, scope, in: connection)
            return Upload(document: document, isNew: true)
        }
    }

    /// What is told of a document, a deleted one too.
    /// - Throws: `document.not_found`.
    public func document(_ id: DocumentID, include: Set<String> = [], _ scope: ProjectScope<DocumentsRead>) async throws -> Document {
        try await database.read { connection in
            let document = try find(id, scope, in: connection)
            return try store.include(include, in: [document], connection).first ?? document
        }
    }

    /// - Parameter deleted: deleted documents instead of the others.
    public func documents(_ query: ListQuery, deleted: Bool, _ scope: ProjectScope<DocumentsRead>) async throws -> ListSlice<Document> {
        try await database.read { try store.documents(query, deleted: deleted, in: scope.project, $0) }
    }

    /// The passages of the current revision, in the order of its text.
    /// - Throws: `document.not_found`, `document.not_ready`.
    public func passages(_ query: ListQuery, of id: DocumentID, _ scope: ProjectScope<DocumentsRead>) async throws -> ListSlice<StoredChunk>
    {
        try await database.read { connection in
            guard let revision = try present(id, scope, in: connection).currentRevision else { throw Self.notReady }
            return try ChunkStore().chunks(query, of: revision, in: connection)
        }
    }

    /// How many documents the project has, deleted ones not counted.
    public func count(_ scope: ProjectScope<DocumentsRead>) async throws -> Int {
        try await database.read { try store.count(in: scope.project, $0) }
    }

    /// How many documents of the project are in each state, deleted ones not counted.
    public func counts(_ scope: ProjectScope<DocumentsRead>) async throws -> [RevisionState: Int] {
        try await database.read { try store.counts(in: scope.project, $0) }
    }

    /// The bytes as they were uploaded.
    /// - Throws: `document.not_found`, `storage.blob_missing`.
    public func content(_ id: DocumentID, _ scope: ProjectScope<DocumentsRead>) async throws -> (document: Document, file: URL) {
        let document = try await present(id, scope)
        return (document, try await blobs.file(document.latest.contentHash))
    }

    /// The bytes for whoever has a link, as long as document and project are there.
    /// - Throws: `document.not_found`, `storage.blob_missing`.
    func content(_ pass: DownloadPass) async throws -> (document: Document, file: URL) {
        let document = try await database.read { try store.document(pass.document, revision: pass.revision, $0) }
        guard let document, document.deletedAt == nil else { throw Self.unknown }
        return (document, try await blobs.file(document.latest.contentHash))
    }

    /// A piece of the parsed text, at most `limit` scalars of it.
    /// - Throws: `document.not_found`, `document.not_ready`.
    public func text(
        _ id: DocumentID, revision: RevisionID?, from: Int, to: Int?, limit: Int, _ scope: ProjectScope<DocumentsRead>
    ) async throws -> TextExcerpt {
        try await database.read { connection in
            let document = try present(id, scope, in: connection)
            if let revision, try RevisionStore().source(revision, in: connection)?.document != id {
                throw ParleyError(.documentNotFound, "The document has no revision with this id.")
            }
            guard let revision = revision ?? document.currentRevision,
                let parsed = try texts.text(revision, of: id, in: connection)
            else { throw Self.notReady }
            let start = min(max(from, 0), parsed.length)
            let end = min(max(to ?? parsed.length, start), parsed.length, start + limit)
            return TextExcerpt(
                document: id, revision: revision, name: document.name, from: start, to: end, length: parsed.length,
                text: parsed.text.scalarSlice(from: start, to: end), outline: parsed.outline)
        }
    }

    /// Queues a failed document once more.
    /// - Throws: `document.not_found`, `document.not_failed`.
    public func retry(_ id: DocumentID, _ scope: ProjectScope<DocumentsWrite>) async throws -> Document {
        let now = clock.now()
        let document = try await database.write { connection in
            let document = try present(id, scope, in: connection)
            guard document.latest.state == .failed else {
                throw ParleyError(
                    .documentNotFailed, "The document is \(document.latest.state.rawValue); only a failed one can be retried.")
            }
            try RevisionStore().restart(document.latest.id, in: connection)
            try store.touch(id, now: now, in: connection)
            try tell("document.retried", document, scope, in: connection)
            try enqueue(document, scope, in: connection)
            return try find(id, scope, in: connection)
        }
        return document
    }

    /// Takes the document out of every answer at once; it can be restored.
    /// - Throws: `document.not_found`.
    public func delete(_ id: DocumentID, _ scope: ProjectScope<DocumentsWrite>) async throws {
        let now = clock.now()
        try await database.write { connection in
            let document = try find(id, scope, in: connection)
            guard document.deletedAt == nil else { return }
            try store.setDeleted(id, now, now: now, in: connection)
            try tell("document.deleted", document, scope, in: connection)
        }
    }

    /// - Throws: `document.not_found`.
    public func restore(_ id: DocumentID, _ scope: ProjectScope<DocumentsWrite>) async throws -> Document {
        let now = clock.now()
        return try await database.write { try revive(try find(id, scope, in: $0), now, scope, in: $0) }
    }

    private func revive(_ document: Document, _ now: Timestamp, _ scope: ProjectScope<DocumentsWrite>, in connection: Connection) throws
        -> Document
    {
        guard document.deletedAt != nil else { return document }
        let creator = try store.creator(of: document.id, connection) ?? scope.principal.user
        try quota.check(restoringIn: scope.project, by: creator, in: connection)
        try store.setDeleted(document.id, nil, now: now, in: connection)
        try tell("document.restored", document, scope, in: connection)
        return try find(document.id, scope, in: connection)
    }

    /// Removes a deleted document for good; its room is free within minutes.
    /// - Throws: `document.not_found`, `document.not_deleted`.
    func purge(_ id: DocumentID, _ scope: ProjectScope<DocumentsWrite>) async throws {
        let now = clock.now()
        try await database.write { connection in
            let document = try find(id, scope, in: connection)
            guard document.deletedAt != nil else {
                throw ParleyError(.documentNotDeleted, "The document is not deleted. Delete it first; then it can be purged.")
            }
            try purges.mark(id, at: now, in: connection)
            try tell("document.purged", document, scope, in: connection)
        }
    }

    static var unknown: ParleyError { ParleyError(.documentNotFound, "There is no document with this id in the project.") }
    private static var notReady: ParleyError {
        ParleyError(.documentNotReady, "The document's text is not there yet; ask again when its state is ready.")
    }

    /// A document whose content may be given out: one that is not deleted.
    /// - Throws: `document.not_found`.
    public func present(_ id: DocumentID, _ scope: ProjectScope<DocumentsRead>) async throws -> Document {
        try await database.read { try present(id, scope, in: $0) }
    }

    private func present(_ id: DocumentID, _ scope: ProjectScope<some ProjectPermission>, in connection: Connection) throws -> Document {
        let document = try find(id, scope, in: connection)
        guard document.deletedAt == nil else { throw Self.unknown }
        return document
    }

    /// A document of the project, a deleted one too: that it was there is told, so that it can be restored.
    private func find(_ id: DocumentID, _ scope: ProjectScope<some ProjectPermission>, in connection: Connection) throws -> Document {
        guard let document = try store.document(id, in: scope.project, connection) else {
            throw Self.unknown
        }
        return document
    }

    private func enqueue(_ document: Document, _ scope: ProjectScope<DocumentsWrite>, in connection: Connection) throws {
        let work = IngestionWork(document: document.id, revision: document.latest.id, project: document.project)
        let isSuspected = document.latest.failure?.code == ErrorCode.documentEndedServer.name
        try jobs.enqueue(
            Ingestion.job, work, principal: scope.principal.reference, subject: document.id.description,
            lane: "\(document.project)/\(scope.principal.user)", isSuspected: isSuspected, in: connection)
    }

    private func tell(_ kind: String, _ document: Document, _ scope: ProjectScope<DocumentsWrite>, in connection: Connection) throws {
        try events.append(
            EventDraft(
                kind: kind, project: document.project, subject: document.id.description, actor: scope.principal.user,
                payload: ["name": .string(document.name), "revision": .string(document.latest.id.description)]),
            in: connection)
    }

    private static func shown(_ tags: [String]) -> [String] { Set(tags.map(ShownText.line)).subtracting([""]).sorted() }

    /// The last path component, fit to be shown, never empty, never too long.
    private static func displayName(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let shown = ShownText.line(String(last))
        return shown.isEmpty ? "Untitled" : Document.nameLength.fitted(shown)
    }
}
