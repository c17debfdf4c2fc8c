public import ParleyCore

/// One page of a list on its way to the wire:
/// `{"items": […], "page": {"next_cursor": …, "prev_cursor": …, "has_more": …, "total": …}}`.
public struct Page<Item: Sendable>: Sendable {
    let slice: ListSlice<Item>
    /// Texts of the places before and after; nil at the ends of the list.
    var previous: String?
    var next: String?

    init(_ slice: ListSlice<Item>, _ cursor: Cursor) {
        self.slice = slice
        previous = slice.previous.map(cursor.text)
        next = slice.next.map(cursor.text)
    }
}

extension Schema {
    /// The page envelope around items of one form.
    /// - Parameter shape: by what the list can be sorted and filtered.
    public static func page<Item>(of item: Schema<Item>, _ shape: ListShape) -> Self where Value == Page<Item> {
        var schema = Self(.page(item.shape, shape)) { _, pointer, errors in
            errors.refuse(pointer, "is never sent to the server")
        } write: { page, writer in
            writer.raw("{\"items\":")
            writer.list(page.slice.items) { item.write($1, &$0) }
            writer.raw(",\"page\":{\"next_cursor\":")
            if let cursor = page.next { writer.write(cursor) } else { writer.raw("null") }
            writer.raw(",\"prev_cursor\":")
            if let cursor = page.previous { writer.write(cursor) } else { writer.raw("null") }
            writer.raw(",\"has_more\":")
            writer.write(page.next != nil)
            writer.raw(",\"total\":")
            if let total = page.slice.total {
                writer.raw("{\"count\":")
                writer.write(total.count)
                writer.raw(",\"exact\":")
                writer.write(total.isExact)
                writer.raw("}")
            } else {
                writer.raw("null")
            }
            writer.raw("}}")
        }
        schema.items = { page, choice in page.slice.items.map { item.encode($0, choice) } }
        return schema
    }

    /// No body.
    public static func nothing() -> Self where Value == NoBody {
        Self(.nothing) { _, _, _ in
            NoBody()
        } write: { _, _ in
        }
    }

    /// Bytes rather than JSON; the handler answers `.stream`.
    /// - Parameter contentTypes: those that there may be; `*/*` when it depends on what was put in.
    public static func bytes(_ contentTypes: String...) -> Self where Value == Bytes { written(contentTypes, hasRanges: false) }

    /// A file, of which a part can be asked for; the handler answers `.file`.
    /// - Parameter contentTypes: those that there may be; `*/*` when it depends on what was put in.
    public static func file(_ contentTypes: String...) -> Self where Value == FileBytes { written(contentTypes, hasRanges: true) }

    private static func written(_ contentTypes: [String], hasRanges: Bool) -> Self {
        Self(.bytes(contentTypes: contentTypes, hasRanges: hasRanges)) { _, pointer, errors in
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
/// The output of an endpoint that answers a file.
public struct FileBytes: Sendable {}
/// The output of an endpoint that answers server-sent events.
public struct Events: Sendable {}
