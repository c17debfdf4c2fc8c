public import Accounts
public import ParleyCore

/// A document of a project, as its latest revision stands.
public struct Document: Sendable, Hashable {
    static let nameLength = TextLength(1...500)
    static let tagLength = TextLength(1...100)
    /// How many tags it may have.
    static let tagLimit = 50

    public let id: DocumentID
    public let project: ProjectID
    /// The file's name as the client gave it: shown, never used as a path.
    public let name: String
    public let tags: [String]
    public let latest: Revision
    /// The revision that answers are drawn from; nil until one is ready.
    public let currentRevision: RevisionID?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let deletedAt: Timestamp?
    /// Who put it in, where that was asked for and the person is still there.
    public var creator: PersonSummary?
}

/// One version of a document's bytes and what became of them.
public struct Revision: Sendable, Hashable {
    public let id: RevisionID
    /// SHA-256 of the bytes, in lower-case hexadecimal; also the blob's name.
    public let contentHash: String
    /// In bytes.
    public let size: Int
    public let mediaType: String
    public var state: RevisionState
    /// From 0 to 1 over the whole way from upload to ready.
    public var progress: Double
    public var failure: Failure?
    /// Nil when the format has no pages, or before parsing.
    public var pages: Int?
    public var chunks: Int?
    /// What was lost, repaired or guessed when the file was read: sentences for the user.
    public var warnings: [String] = []

    /// Why a revision failed.
    public struct Failure: Sendable, Hashable {
        public let code: String
        public let message: String
    }
}

/// How far a revision is.
public enum RevisionState: String, Sendable, CaseIterable {
    case queued, parsing, chunking, embedding, ready, failed
}

/// What the upload of some bytes came to.
public struct Upload: Sendable {
    public let document: Document
    /// False when the project already had these bytes.
    public let isNew: Bool
}

/// A piece of a document's parsed text with its outline. Offsets count Unicode scalars.
public struct TextExcerpt: Sendable {
    public let document: DocumentID
    public let revision: RevisionID
    public let name: String
    public let from: Int
    public let to: Int
    /// Length of the whole text.
    public let length: Int
    public let text: String
    public let outline: Outline
}

/// Where a parsed text's pages and headings are.
public struct Outline: Sendable, Hashable, Codable {
    public struct Page: Sendable, Hashable, Codable {
        public let number: Int
        public let from: Int
        public let to: Int
    }
    public struct Heading: Sendable, Hashable, Codable {
        public let level: Int
        public let text: String
        public let from: Int
    }
    public var pages: [Page]
    public var headings: [Heading]
}
