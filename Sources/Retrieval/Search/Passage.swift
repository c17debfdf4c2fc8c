public import ParleyCore

/// A chunk that was found, with what it takes to show, cite and explain it.
public struct Passage: Sendable, Hashable, Codable {
    /// From 1, in order of rank.
    public let index: Int
    public let chunk: ChunkID
    public let document: DocumentID
    public let revision: RevisionID
    public let documentName: String
    public let mediaType: String
    public let text: String
    /// The text's place in the revision's parsed text, in Unicode scalars, half-open.
    public let from: Int
    public let to: Int
    public let firstPage: Int?
    public let lastPage: Int?
    public let headingPath: [String]
    /// The fused score, higher is better; comparable within one search only.
    public let score: Double
    public let lexical: Part?
    public let vector: Part?
    /// The first row of the table that the text goes on with; nil for all other text.
    public var tableHeader: String?

    /// The same hit with more of the text around it.
    public func widened(to text: String, from: Int, to end: Int, firstPage: Int?, lastPage: Int?) -> Passage {
        Passage(
            index: index, chunk: chunk, document: document, revision: revision, documentName: documentName, mediaType: mediaType,
            text: text, from: from, to: end, firstPage: firstPage, lastPage: lastPage, headingPath: headingPath, score: score,
            lexical: lexical, vector: vector, tableHeader: from == self.from ? tableHeader : nil)
    }

    /// The same hit at another place of a list.
    public func numbered(_ index: Int) -> Passage {
        Passage(
            index: index, chunk: chunk, document: document, revision: revision, documentName: documentName, mediaType: mediaType,
            text: text, from: from, to: to, firstPage: firstPage, lastPage: lastPage, headingPath: headingPath, score: score,
            lexical: lexical, vector: vector, tableHeader: tableHeader)
    }

    /// What one side of the search made of the chunk.
    public struct Part: Sendable, Hashable, Codable {
        public let score: Double
        /// From 1; nil when the chunk was not on that side's list and was scored afterwards.
        public let rank: Int?

        public init(score: Double, rank: Int?) { (self.score, self.rank) = (score, rank) }
    }
}

/// Something that was not working, and what was done instead.
public struct Degradation: Sendable, Hashable, Codable {
    public let component: String
    public let message: String
    /// The error's stable code, where one was the reason.
    public let code: String?

    public init(component: String, message: String, code: String? = nil) {
        (self.component, self.message, self.code) = (component, message, code)
    }
}

/// Which lists a search draws on.
public enum SearchMode: String, Sendable, CaseIterable, Codable {
    case hybrid, lexical, vector
}
