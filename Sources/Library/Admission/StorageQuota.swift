public import Accounts
public import ParleyCore
public import ParleyDatabase

/// What somebody's or a project's documents take.
public struct StorageUse: Hashable, Sendable {
    /// Deleted ones not counted.
    public let documents: Int
    /// Of the uploaded files, and of the texts, passages and vectors that were made of them; of deleted documents too, until they are purged.
    public let bytes: Int

    public init(documents: Int, bytes: Int) { (self.documents, self.bytes) = (documents, bytes) }
}

/// What may be used, and what is.
public struct StorageStanding: Hashable, Sendable {
    public let quota: Quota
    public let use: StorageUse

    public init(quota: Quota, use: StorageUse) { (self.quota, self.use) = (quota, use) }
}

/// Keeps documents within the quotas of their project and of whoever put them in.
public struct StorageQuota: Sendable {
    private let quotas: Quotas

    public init(_ quotas: Quotas = Quotas()) { self.quotas = quotas }

    public func standing(of project: ProjectID, in connection: Connection) throws -> StorageStanding {
        StorageStanding(quota: try quotas.quota(of: project, in: connection), use: try use("documents.project_id = \(project)", connection))
    }

    public func standing(of user: UserID, in connection: Connection) throws -> StorageStanding {
        StorageStanding(quota: try quotas.quota(of: user, in: connection), use: try use("documents.created_by = \(user)", connection))
    }

    private func use(_ condition: SQL, _ connection: Connection) throws -> StorageUse {
        let row = try connection.row(
            """
            SELECT count(DISTINCT CASE WHEN documents.deleted_at IS NULL THEN documents.id END) AS documents,
                CAST(COALESCE(sum(revisions.stored_bytes), 0) AS BIGINT) AS bytes
            FROM documents JOIN revisions ON revisions.document_id = documents.id WHERE \(fragment: condition)
            """)
        return StorageUse(documents: try row?["documents"] ?? 0, bytes: try row?["bytes"] ?? 0)
    }

    /// Called in the transaction that adds the document. Nothing is counted where nothing is limited.
    /// - Throws: `quota.storage_exceeded`, `quota.documents_exceeded`.
    func check(adding size: Int, to project: ProjectID, by user: UserID, in connection: Connection) throws {
        let (ofProject, ofUser) = (try quotas.quota(of: project, in: connection), try quotas.quota(of: user, in: connection))
        guard ofProject.limitsStorage || ofUser.limitsStorage else { return }
        try quotas.hold(project, user, in: connection)
        if ofProject.limitsStorage { try require(standing(of: project, in: connection), size, "This project") }
        if ofUser.limitsStorage { try require(standing(of: user, in: connection), size, "You") }
    }

    /// Called in the transaction that restores a deleted document, whose bytes are counted already.
    /// - Throws: `quota.documents_exceeded`.
    func check(restoringIn project: ProjectID, by user: UserID, in connection: Connection) throws {
        let (ofProject, ofUser) = (try quotas.quota(of: project, in: connection), try quotas.quota(of: user, in: connection))
        guard ofProject.documents != nil || ofUser.documents != nil else { return }
        try quotas.hold(project, user, in: connection)
        if ofProject.documents != nil { try requireCount(standing(of: project, in: connection), "This project") }
        if ofUser.documents != nil { try requireCount(standing(of: user, in: connection), "You") }
    }

    /// Called in the transaction that begins to store what a document expands to, whose text is counted already.
    /// - Parameter more: bytes of passages and vectors that are to follow.
    /// - Throws: `quota.storage_exceeded`.
    func check(expanding document: DocumentID, of project: ProjectID, by more: Int, in connection: Connection) throws {
        guard let user = try DocumentStore().creator(of: document, connection) else {
            return try require(standing(of: project, in: connection), room: more, "This project")
        }
        let (ofProject, ofUser) = (try quotas.quota(of: project, in: connection), try quotas.quota(of: user, in: connection))
        guard ofProject.storage != nil || ofUser.storage != nil else { return }
        try quotas.hold(project, user, in: connection)
        if ofProject.storage != nil { try require(standing(of: project, in: connection), room: more, "This project") }
        if ofUser.storage != nil { try require(standing(of: user, in: connection), room: more, "Whoever put it in") }
    }

    private func require(_ standing: StorageStanding, room more: Int, _ whose: String) throws {
        guard let limit = standing.quota.storage, standing.use.bytes + more > limit else { return }
        throw ParleyError(
            .storageQuota,
            "\(whose) may have \(limit) bytes of documents; with this document's text and index it would be \(standing.use.bytes + more). Delete and purge some, or ask an administrator for more, and retry it.",
            limit: ReachedLimit(limit, used: standing.use.bytes + more))
    }

    private func require(_ standing: StorageStanding, _ size: Int, _ whose: String) throws {
        try requireCount(standing, whose)
        let used = standing.use.bytes
        guard let limit = standing.quota.storage, used + size > limit else { return }
        throw ParleyError(
            .storageQuota,
            "\(whose) may have \(limit) bytes of documents; \(used) are used, and this file has \(size). Delete and purge some, or ask an administrator for more.",
            limit: ReachedLimit(limit, used: used))
    }

    private func requireCount(_ standing: StorageStanding, _ whose: String) throws {
        let used = standing.use.documents
        guard let limit = standing.quota.documents, used >= limit else { return }
        throw ParleyError(
            .documentQuota, "\(whose) may have \(limit) documents, and \(used) are there. Delete some, or ask an administrator for more.",
            limit: ReachedLimit(limit, used: used))
    }
}

extension Quota {
    fileprivate var limitsStorage: Bool { storage != nil || documents != nil }
}

extension ErrorCode {
    public static let storageQuota = Self("quota.storage_exceeded", .forbidden, "The quota of storage is used up")
    public static let documentQuota = Self("quota.documents_exceeded", .forbidden, "The quota of documents is used up")
}
