public import ParleyCore
public import ParleyDatabase

/// Tells on which page of a revision a place in its parsed text is.
public struct PageFinder: Sendable {
    private let pages: [RevisionID: [Outline.Page]]

    /// Reads the pages of these revisions.
    public init(_ revisions: Set<RevisionID>, in connection: Connection) throws {
        var pages: [RevisionID: [Outline.Page]] = [:]
        for revision in revisions { pages[revision] = try ParsedTextStore().pages(of: revision, in: connection) }
        self.pages = pages
    }

    /// The page that holds this Unicode scalar; nil when the format has no pages.
    public func page(of revision: RevisionID, at offset: Int) -> Int? {
        pages[revision]?.last { $0.from <= offset }?.number
    }
}
