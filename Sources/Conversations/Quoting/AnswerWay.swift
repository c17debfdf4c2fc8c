/// How an answer came to be.
public enum AnswerWay: String, Sendable, CaseIterable, Codable {
    /// It is made of the documents' own words.
    case quoted
    /// A language model wrote it.
    case written
}

/// Words of a document in a quoted answer, and where they stand in it.
public struct AnswerQuote: Sendable, Hashable, Codable {
    /// A place in the answer's text: Unicode scalars, half-open.
    public struct Place: Sendable, Hashable, Codable {
        public let from: Int
        public let to: Int
    }

    public let place: Place
    /// The number of the citation that tells the document, the page and the place in it.
    public let citation: Int
    /// The headings above it, the outermost first.
    public let headings: [String]
    /// The table's header, or the sentence that leads to the list, which stands before it in the answer.
    public let lead: Place?
    /// The words that answer, where they can be told.
    public let marks: [Place]
}
