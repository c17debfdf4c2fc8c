public import ParleyCore

/// A chunk as a row: an exact slice of its revision's parsed text, with where it stands.
public struct StoredChunk: Sendable, Hashable {
    public let id: ChunkID
    public let project: ProjectID
    public let document: DocumentID
    public let revision: RevisionID
    /// Place in the revision, from 0.
    public let ordinal: Int
    /// Unicode scalars of the parsed text, half-open.
    public let from: Int
    public let to: Int
    public let firstPage: Int?
    public let lastPage: Int?
    public let headingPath: [String]
    public let tokens: Int
    public let text: String
    /// The first row of the table that the text goes on with; nil for all other text.
    public var tableHeader: String?
    /// What is embedded and indexed: title and heading path above the text.
    public let searchText: String
}
