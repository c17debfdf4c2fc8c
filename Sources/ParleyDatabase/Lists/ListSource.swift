public import ParleyCore

/// How a list's declared fields stand in the rows: the one place that is written for each list. What clients are told
/// (`shape`) and the SQL of sorting, filtering and paging come from it.
public struct ListSource: Sendable {
    public let shape: ListShape
    let columns: [String: Column]
    /// The field that tells any two items apart.
    let key: String

    /// A declared field and its SQL.
    public struct Column: Sendable {
        let field: ListField
        let expression: SQL

        /// A column that can be sorted by, when it is never null, and filtered by.
        public static func column(_ name: String, _ kind: ListField.Kind, _ expression: SQL, isSortable: Bool = false) -> Self {
            Self(field: ListField(name, kind, isSortable: isSortable), expression: expression)
        }

        /// A column that may be null.
        public static func nullable(_ name: String, _ kind: ListField.Kind, _ expression: SQL) -> Self {
            Self(field: ListField(name, kind, isNullable: true), expression: expression)
        }

        /// Labels in a table of their own.
        /// - Parameter matching: a select whose last condition wants a list of labels: `SELECT 1 FROM … WHERE … AND tag IN`.
        public static func labels(_ name: String, matching: SQL) -> Self {
            Self(field: ListField(name, .labels), expression: matching)
        }
    }

    /// - Parameter key: the name of a field that is unique and sortable, by which every list is ordered when nobody asks for another
    ///   order: by identifier, the oldest first, or by the place within a whole.
    public init(_ columns: [Column], key: String) {
        self.columns = Dictionary(columns.map { ($0.field.name, $0) }) { first, _ in first }
        self.key = key
        shape = ListShape(columns.map(\.field), standard: Self.complete([], key))
    }

    /// The order with the key last, in the direction of the field before it.
    static func complete(_ order: [ListOrder], _ key: String) -> [ListOrder] {
        if let end = order.firstIndex(where: { $0.field == key }) { return Array(order[...end]) }
        return order + [ListOrder(key, isDescending: order.last?.isDescending ?? false)]
    }
}

extension ListSource {
    /// One page of a list.
    /// - Parameters:
    ///   - select: the columns that `make` reads.
    ///   - from: the tables and how they join.
    ///   - condition: which rows the caller may see at all.
    ///   - version: an expression whose text is another one after every change of what an item shows, never null. With it a caller who
    ///     knows the page is told so without its being made.
    ///   - make: turns the page's rows into items, in order.
    /// - Throws: `DatabaseError`, or what `make` throws.
    public func slice<Item>(
        _ query: ListQuery, select: SQL, from: SQL, where condition: SQL, version: SQL? = nil, in connection: Connection,
        make: ([Row]) throws -> [Item]
    ) throws -> ListSlice<Item> {
        let order = query.order.isEmpty ? shape.standard : Self.complete(query.order, key)
        let isBackwards = query.place?.isBackwards ?? false
        let wanted = try query.conditions.reduce(condition) { $0 + " AND " + (try self.condition($1)) }
        let rest = try page(query, order, from: from, where: wanted)
        // What is counted or related is not in the rows.
        let version = query.countsAll || !query.include.isEmpty ? nil : version
        if let version, let isKnown = query.isKnown {
            let text = try Self.version(version, rest, in: connection)
            if isKnown(text) { return ListSlice(unchangedSince: text) }
        }
        var statement: SQL = "SELECT \(fragment: select)"
        for (index, part) in order.enumerated() {
            statement = statement + ", \(fragment: try expression(part.field)) AS \(raw: Self.keyName(index))"
        }
        if let version { statement = statement + ", \(fragment: version) AS list_version" }
        var rows = try connection.rows(statement + rest)
        let text = try version.map { _ in try rows.map { try $0["list_version"] }.joined(separator: ",") }
        let goesOn = rows.count > query.limit
        rows = Array(rows.prefix(max(0, query.limit)))
        if isBackwards { rows.reverse() }
        let total = try query.countsAll ? total(from, wanted, in: connection) : nil
        let (first, last) = (try rows.first.map { try key(of: $0, order) }, try rows.last.map { try key(of: $0, order) })
        // Where the caller came from there was an item, if only a moment ago.
        let hasPrevious = isBackwards ? goesOn : query.place != nil
        let hasNext = isBackwards || goesOn
        let origin = query.place?.key
        return ListSlice(
            items: try make(rows), previous: hasPrevious ? (first ?? origin).map { ListPlace($0, isBackwards: true) } : nil,
            next: hasNext ? (last ?? origin).map { ListPlace($0) } : nil, total: total, version: text)
    }

    /// What stands behind the columns of a select: the rows of one page, and the one after it.
    private func page(_ query: ListQuery, _ order: [ListOrder], from: SQL, where condition: SQL) throws -> SQL {
        var statement: SQL = " FROM \(fragment: from) WHERE \(fragment: condition)"
        if let place = query.place { statement = statement + " AND " + (try after(place, order)) }
        statement = statement + " ORDER BY "
        for (index, part) in order.enumerated() {
            let direction: SQL = part.isDescending != (query.place?.isBackwards ?? false) ? " DESC" : ""
            statement = statement + (index > 0 ? ", " : "") + (try expression(part.field)) + direction
        }
        return statement + " LIMIT \(query.limit + 1)"
    }

    /// The versions of a page's rows as one text, put together by the engine: one row to read instead of a hundred.
    private static func version(_ version: SQL, _ rest: SQL, in connection: Connection) throws -> String {
        let aggregate: SQL = connection.dialect == .postgres ? "string_agg(version, ',')" : "group_concat(version, ',')"
        let row = try connection.row(
            "SELECT \(fragment: aggregate) AS version FROM (SELECT \(fragment: version) AS version\(fragment: rest)) AS page")
        guard let text: String = try row?["version"] ?? nil else { return "" }
        return text
    }

    private func total(_ from: SQL, _ condition: SQL, in connection: Connection) throws -> ListTotal {
        let row = try connection.row(
            """
            SELECT count(*) AS n FROM (
                SELECT 1 AS one FROM \(fragment: from) WHERE \(fragment: condition) LIMIT \(ListTotal.limit + 1)
            ) AS counted
            """)
        return ListTotal(counted: try row?["n"] ?? 0)
    }

    private static func keyName(_ index: Int) -> String { "list_key_\(index)" }

    private func key(of row: Row, _ order: [ListOrder]) throws -> [ListValue] {
        try order.enumerated().map { index, part in
            let name = Self.keyName(index)
            switch try column(part.field).field.kind {
            case .text, .id, .choice, .labels: return .text(try row[name])
            case .time: return .time(try row[name])
            case .int: return .int(try row[name])
            case .real: return .real(try row[name])
            case .bool: return .bool(try row[name])
            }
        }
    }
}
