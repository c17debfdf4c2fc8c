/// A piece of a document that is found, shown and cited on its own.
public struct Chunk: Sendable, Hashable {
    /// From 0, in reading order.
    public let ordinal: Int
    /// Unicode scalars of the parsed text, half-open. Spans of chunks never overlap.
    public let from: Int
    public let to: Int
    /// The exact slice of the parsed text.
    public let text: String
    /// The headings above, outermost first; headings within the slice are not in it.
    public let headingPath: [String]
    /// Nil when the format has no pages.
    public let firstPage: Int?
    public let lastPage: Int?
    /// The first row of the table that the slice goes on with; nil for all other text.
    public let tableHeader: String?
    /// Of `embeddedText`, without the model's special tokens.
    public let tokens: Int
    /// What is embedded: title, heading path and text, each on its line. A split table repeats its header row.
    public let embeddedText: String
}
