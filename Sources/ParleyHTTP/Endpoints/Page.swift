import Foundation
import ParleyCore

/// One page of a list: `{"items": […], "page": {"next_cursor": "…" or null, "has_more": …}}`.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// Where the next page begins; nil at the end.
    public var nextCursor: String?
    public var hasMore: Bool { nextCursor != nil }

    public init(items: [Item], nextCursor: String? = nil) { (self.items, self.nextCursor) = (items, nextCursor) }

    /// - Parameters:
    ///   - rows: up to `limit + 1` of them; the one too many only tells that there is more.
    ///   - cursor: where to go on after this last row of the page.
    public init(_ rows: [Item], limit: Int, cursor: (Item) -> Cursor) {
        items = Array(rows.prefix(limit))
        nextCursor = rows.count > limit ? items.last.map { cursor($0).text } : nil
    }

    /// The same page of other items.
    public func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), nextCursor: nextCursor)
    }
}

/// Which page a caller asks for.
public struct PageRequest: Sendable {
    public let limit: Int
    public let cursor: Cursor?

    public init(limit: Int, cursor: Cursor? = nil) { (self.limit, self.cursor) = (limit, cursor) }
}

/// A place in an ordered list: the sort key of the last row seen. On the wire it is opaque (base64url of a JSON list).
public struct Cursor: Hashable, Sendable {
    public let values: [String]

    public init(_ values: [String]) { self.values = values }

    /// Nil when the text is not a cursor that this server made.
    public init?(text: String) {
        let padded = text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), let values = try? JSONDecoder().decode([String].self, from: data) else { return nil }
        self.values = values
    }

    public var text: String {
        Data(Schema<[String]>.array(.string()).encode(values)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension Schema {
    /// The page envelope around items of one form.
    public static func page<Item>(of item: Schema<Item>) -> Self where Value == Page<Item> {
        Self(.page(item.shape)) { _, pointer, errors in
            errors.refuse(pointer, "is never sent to the server")
        } write: { page, writer in
            writer.raw("{\"items\":")
            writer.list(page.items) { item.write($1, &$0) }
            writer.raw(",\"page\":{\"next_cursor\":")
            if let cursor = page.nextCursor { writer.write(cursor) } else { writer.raw("null") }
            writer.raw(",\"has_more\":")
            writer.write(page.hasMore)
            writer.raw("}}")
        }
    }

    /// No body.
    public static func nothing() -> Self where Value == NoBody {
        Self(.nothing) { _, _, _ in
            NoBody()
        } write: { _, _ in
        }
    }

    /// Bytes rather than JSON; the handler answers `.file` or `.stream`.
    public static func bytes(_ contentType: String = "application/octet-stream") -> Self where Value == Bytes {
        Self(.bytes(contentType: contentType)) { _, pointer, errors in
            errors.refuse(pointer, "is not JSON")
        } write: { _, _ in
        }
    }

    /// A stream of server-sent events; the handler answers `.events`.
    public static func events(_ kinds: EventShape...) -> Self where Value == Events {
        Self(.events(kinds)) { _, pointer, errors in
            errors.refuse(pointer, "is not JSON")
        } write: { _, _ in
        }
    }
}

/// The output of an endpoint that answers without a body.
public struct NoBody: Sendable { public init() {} }
/// The output of an endpoint that answers bytes.
public struct Bytes: Sendable {}
/// The output of an endpoint that answers server-sent events.
public struct Events: Sendable {}
