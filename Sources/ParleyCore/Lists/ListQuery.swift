/// What a caller asks of a list, checked against its shape.
public struct ListQuery: Sendable {
    /// All of them must hold.
    public var conditions: [ListCondition]
    /// Empty for the list's own order.
    public var order: [ListOrder]
    /// Where to go on; nil for the beginning.
    public var place: ListPlace?
    public var limit: Int
    /// Whether the caller wants to know how many items there are.
    public var countsAll: Bool
    /// Related resources that are wanted with each item, by name.
    public var include: Set<String>
    /// Whether the caller has the page of this version already, and needs to be told only that; nil when nobody asked.
    public var isKnown: (@Sendable (_ version: String) -> Bool)?

    public init(
        conditions: [ListCondition] = [], order: [ListOrder] = [], place: ListPlace? = nil, limit: Int = 50, countsAll: Bool = false,
        include: Set<String> = []
    ) {
        (self.conditions, self.order, self.place) = (conditions, order, place)
        (self.limit, self.countsAll, self.include) = (limit, countsAll, include)
    }
}

/// What must hold of one field.
public struct ListCondition: Sendable, Hashable {
    public enum Test: Sendable, Hashable {
        case isOneOf([ListValue])
        case isNoneOf([ListValue])
        case isLess(ListValue)
        case isAtMost(ListValue)
        case isGreater(ListValue)
        case isAtLeast(ListValue)
        /// Holds this text, whatever the case of its letters.
        case contains(String)
    }

    public let field: String
    public let test: Test

    public init(_ field: String, _ test: Test) { (self.field, self.test) = (field, test) }
}

/// A place between two items of an ordered list: the sort key of the one beside it.
public struct ListPlace: Sendable, Hashable {
    public let key: [ListValue]
    /// Whether the items before the place are wanted rather than those after it.
    public let isBackwards: Bool

    public init(_ key: [ListValue], isBackwards: Bool = false) { (self.key, self.isBackwards) = (key, isBackwards) }
}

/// A piece of a list, and what lies around it.
public struct ListSlice<Item: Sendable>: Sendable {
    public let items: [Item]
    /// Leads to the items before; nil when there are none.
    public let previous: ListPlace?
    /// Leads to the items after; nil when there are none.
    public let next: ListPlace?
    /// How many there are in all; nil when nobody asked.
    public let total: ListTotal?
    /// Text that is another one after every change of what the piece shows; nil when nobody keeps count.
    public private(set) var version: String?
    /// Whether the caller has all this already. Then there are no items.
    public private(set) var isUnchanged = false

    public init(
        items: [Item], previous: ListPlace? = nil, next: ListPlace? = nil, total: ListTotal? = nil, version: String? = nil
    ) {
        (self.items, self.previous, self.next, self.total, self.version) = (items, previous, next, total, version)
    }

    /// What the caller has already.
    public init(unchangedSince version: String) {
        self.init(items: [], version: version)
        isUnchanged = true
    }

    /// The same slice of other items.
    public func map<Other>(_ transform: (Item) throws -> Other) rethrows -> ListSlice<Other> {
        with(try items.map(transform))
    }

    /// The slice with its items exchanged as a whole.
    public func with<Other>(_ items: [Other]) -> ListSlice<Other> {
        var slice = ListSlice<Other>(items: items, previous: previous, next: next, total: total, version: version)
        slice.isUnchanged = isUnchanged
        return slice
    }
}

/// How many items a list has.
public struct ListTotal: Sendable, Hashable {
    /// Where counting stops.
    public static let limit = 10_000

    public let count: Int
    /// False when there are more than were counted.
    public let isExact: Bool

    /// - Parameter counted: how many were found when counting stopped after one more than the limit.
    public init(counted: Int) { (count, isExact) = (min(counted, Self.limit), counted <= Self.limit) }
}

extension ListSlice {
    /// A piece of a short list that is all in memory, in the order of its items.
    /// - Parameter key: tells any two items apart.
    public init(of all: [Item], _ query: ListQuery, key: (Item) -> String) {
        let index = query.place.flatMap { place in all.firstIndex { place.key == [.text(key($0))] } }
        let range: Range<Int>
        switch (query.place, index) {
        case (nil, _): range = 0..<min(query.limit, all.count)
        case (let place?, let index?) where place.isBackwards: range = max(0, index - query.limit)..<index
        case (_, let index?): range = (index + 1)..<min(index + 1 + query.limit, all.count)
        default: range = 0..<0
        }
        items = Array(all[range])
        previous = range.lowerBound > 0 ? items.first.map { ListPlace([.text(key($0))], isBackwards: true) } : nil
        next = range.upperBound < all.count ? items.last.map { ListPlace([.text(key($0))]) } : nil
        total = query.countsAll ? ListTotal(counted: all.count) : nil
    }
}
