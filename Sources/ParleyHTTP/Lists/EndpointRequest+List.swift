import HTTPTypes
import Hummingbird
public import ParleyCore

extension EndpointRequest {
    /// What the caller asks of the list, checked against what its endpoint declares.
    /// - Throws: `request.cursor` when the cursor was not given out for this list, filter and order.
    public func list() throws -> ListQuery {
        guard case .page(_, let shape) = endpoint.output else {
            throw ParleyError(.internal, "The endpoint \(endpoint.id) answers no list.")
        }
        var list = ListQuery(limit: try part?.size ?? query("limit", as: Int.self) ?? 50, include: includes)
        if !shape.sortable.isEmpty { list.order = ListOrder.parse(try queryList("sort")) }
        if !shape.fields.isEmpty { list.conditions = try query("filter").map { FilterParser($0, shape).conditions } ?? [] }
        list.countsAll = try query("total", as: Bool.self) ?? false
        if let text = try part?.cursor ?? query("cursor", as: String.self) {
            list.place = try Cursor(self).place(text, shape, list.order)
        }
        if endpoint.cache.allowsTags, part == nil, let header = header("If-None-Match") {
            let tag = listTag
            list.isKnown = { EntityTag.matches(header, tag($0)) }
        }
        return list
    }

    /// The tag of a page at this request's address that has this version.
    var listTag: @Sendable (_ version: String) -> String {
        let address = request.head.path ?? ""
        return { EntityTag.weak(Array((address + "\n" + $0).utf8)) }
    }

    /// The related resources that the caller wants with the answer, by name.
    public var includes: Set<String> { Set(values.values["include"] ?? []) }

    /// The `Link` header (RFC 8288) of a page.
    func links(_ previous: String?, _ next: String?) -> String? {
        var links = [link("first", cursor: nil)]
        if let previous { links.append(link("prev", cursor: previous)) }
        if let next { links.append(link("next", cursor: next)) }
        return previous == nil && next == nil ? nil : links.joined(separator: ", ")
    }

    private func link(_ relation: String, cursor: String?) -> String {
        var pairs = query.pairs.filter { $0.name != "cursor" }.map { $0.name + "=" + PercentCoding.encode($0.value) }
        if let cursor { pairs.append("cursor=" + cursor) }
        return "<\(path)\(pairs.isEmpty ? "" : "?")\(pairs.joined(separator: "&"))>; rel=\"\(relation)\""
    }
}

extension ListOrder {
    /// Field names, each with `-` before it for the other way.
    static func parse(_ names: [String]) -> [ListOrder] {
        names.map { $0.hasPrefix("-") ? ListOrder(String($0.dropFirst()), isDescending: true) : ListOrder($0) }
    }
}

extension [QueryParameter] {
    /// The parameters of every list.
    static func list(_ shape: ListShape) -> Self {
        var parameters: [QueryParameter] = [
            .int("limit", "The most items to answer.", 1...100, default: 50),
            .string("cursor", "Where to go on: `next_cursor` or `prev_cursor` of a page.", 1...4000).showing(nil),
            .bool("total", "Whether to count all items; beyond \(ListTotal.limit) the count is not exact.", default: false),
            .bool("all", "Whether to answer all items as a stream rather than a page of them.", default: false),
        ]
        if !shape.sortable.isEmpty { parameters.append(.sort(shape)) }
        if !shape.fields.isEmpty { parameters.append(.filter(shape)) }
        return parameters
    }
}
