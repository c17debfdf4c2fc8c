public import ParleyCore

/// Which chunks may be found at all; evaluated before ranking. Nil means no condition; all conditions must hold.
public struct SearchFilter: Hashable, Sendable {
    public var documents: Set<DocumentID>?
    /// Any of these.
    public var tags: Set<String>?
    public var types: Set<String>?
    /// Inclusive. A chunk without a date fails a condition on the date.
    public var from: Timestamp?
    /// Exclusive.
    public var to: Timestamp?

    public init(
        documents: Set<DocumentID>? = nil, tags: Set<String>? = nil, types: Set<String>? = nil, from: Timestamp? = nil, to: Timestamp? = nil
    ) {
        (self.documents, self.tags, self.types, self.from, self.to) = (documents, tags, types, from, to)
    }

    /// Admits everything.
    public static let none = SearchFilter()

    /// Whether a chunk with these attributes may be found.
    public func admits(_ attributes: ChunkAttributes) -> Bool {
        if let documents, !documents.contains(attributes.document) { return false }
        if let types, !types.contains(attributes.type) { return false }
        if let tags, tags.isDisjoint(with: attributes.tags) { return false }
        guard from != nil || to != nil else { return true }
        guard let date = attributes.date else { return false }
        if let from, date < from { return false }
        if let to, date >= to { return false }
        return true
    }
}
