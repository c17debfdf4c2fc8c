/// By what a list can be sorted and filtered: declared once beside the store's columns, and told to clients by the endpoint.
public struct ListShape: Sendable, Hashable {
    public let fields: [ListField]
    /// The order when nobody asks for another; the last field tells any two items apart.
    public let standard: [ListOrder]

    public init(_ fields: [ListField], standard: [ListOrder] = []) { (self.fields, self.standard) = (fields, standard) }

    /// A list in one order, which nothing can be asked of.
    public static let plain = ListShape([])

    public subscript(name: String) -> ListField? { fields.first { $0.name == name } }

    public var sortable: [String] { fields.filter(\.isSortable).map(\.name) }
}

/// One declared field of a list, by its name on the wire.
public struct ListField: Sendable, Hashable {
    /// What its values are, which decides how they can be compared.
    public enum Kind: Sendable, Hashable {
        case text, id, time, int, real, bool
        case choice([String])
        /// Several texts for each item, such as tags.
        case labels
    }

    public let name: String
    public let kind: Kind
    /// Only a field that is never null can be sorted by.
    public let isSortable: Bool
    public let isNullable: Bool

    public init(_ name: String, _ kind: Kind, isSortable: Bool = false, isNullable: Bool = false) {
        (self.name, self.kind, self.isSortable, self.isNullable) = (name, kind, isSortable, isNullable)
    }
}

/// A field to sort by, and which way.
public struct ListOrder: Sendable, Hashable {
    public let field: String
    public let isDescending: Bool

    public init(_ field: String, isDescending: Bool = false) { (self.field, self.isDescending) = (field, isDescending) }
}

/// One value of a field, as it is compared.
public enum ListValue: Sendable, Hashable {
    case null
    case text(String)
    case int(Int64)
    case real(Double)
    case bool(Bool)
    case time(Timestamp)
}
