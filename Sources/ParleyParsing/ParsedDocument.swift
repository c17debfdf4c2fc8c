public import ParleyCore

/// What a parser made of a file: one plain text and where its parts stand in it.
/// All offsets count Unicode scalars of `text`, half-open.
public struct ParsedDocument: Sendable, Hashable {
    /// The whole text: lines end with `\n`, no control characters other than `\n` and tab.
    public let text: String
    /// Length of `text` in Unicode scalars.
    public let length: Int
    /// In order and disjoint; between them stands only white space.
    public let blocks: [Block]
    /// In order; empty when the format has no pages.
    public let pages: [Page]
    public let title: String?
    public let metadata: Metadata
    /// A BCP 47 tag; nil when not known.
    public let language: String?
    /// What was lost or guessed: whole sentences for the user.
    public let warnings: [String]

    /// A part of the text that belongs together.
    public struct Block: Sendable, Hashable {
        public let kind: Kind
        public let from: Int
        public let to: Int
        /// Where the block begins; nil when the format has no pages.
        public let page: Int?
    }

    /// What a block is.
    public enum Kind: Sendable, Hashable {
        /// Level 1 is the highest, 6 the lowest.
        case heading(level: Int)
        case paragraph
        case listItem
        /// One line a row, cells separated by ` | `; with a header, the first line is it.
        case table(hasHeader: Bool)
        case code
        case quote
        case caption

        var isHeading: Bool { if case .heading = self { true } else { false } }
    }

    /// One page of the source.
    public struct Page: Sendable, Hashable {
        /// From 1.
        public let number: Int
        public let from: Int
        public let to: Int
    }

    /// What the file says of itself.
    public struct Metadata: Sendable, Hashable {
        public var author: String?
        public var created: Timestamp?

        public init(author: String? = nil, created: Timestamp? = nil) { (self.author, self.created) = (author, created) }
    }

    /// The block's text.
    public func text(of block: Block) -> String { text.scalarSlice(from: block.from, to: block.to) }

    /// Every block with its text, in one pass.
    package func texts() -> some Sequence<(block: Block, text: String)> {
        var cursor = ScalarCursor(text)
        return blocks.lazy.map { ($0, cursor.slice(from: $0.from, to: $0.to)) }
    }
}
