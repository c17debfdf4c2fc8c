import ParleyCore

extension Schema {
    /// May be null or, in an input, missing.
    public static func optional<Wrapped>(_ wrapped: Schema<Wrapped>) -> Self where Value == Wrapped? {
        Self(.nullable(wrapped.shape), absent: .some(nil)) { json, pointer, errors in
            json == .null ? .some(nil) : wrapped.read(json, pointer, &errors).map { .some($0) }
        } write: { value, writer in
            if let value { wrapped.write(value, &writer) } else { writer.raw("null") }
        }
    }

    /// May be missing in an input, and then has this value.
    public static func defaulted(_ schema: Self, to value: Value) -> Self {
        Self(.defaulted(schema.shape, JSONValue.reading(schema.encode(value))), absent: value, read: schema.read, write: schema.write)
    }

    /// A member of a partial update: missing keeps what is there; `.change(.optional(…))` can also be set to null.
    public static func change<Wrapped>(_ wrapped: Schema<Wrapped>) -> Self where Value == Change<Wrapped> {
        Self(.change(wrapped.shape), absent: .keep) { json, pointer, errors in
            wrapped.read(json, pointer, &errors).map { .set($0) }
        } write: { value, writer in
            if case .set(let value) = value { wrapped.write(value, &writer) } else { writer.raw("null") }
        }
    }

    /// A member of a partial update that is never null: nil stands for a missing one, which keeps what is there.
    public static func change<Wrapped>(_ wrapped: Schema<Wrapped>) -> Self where Value == Wrapped? {
        Self(.change(wrapped.shape), absent: .some(nil)) { json, pointer, errors in
            wrapped.read(json, pointer, &errors).map { .some($0) }
        } write: { value, writer in
            if let value { wrapped.write(value, &writer) } else { writer.raw("null") }
        }
    }

    /// A password, token or key. It is never stored or logged as it stands, and the OpenAPI document says what it is.
    public static func secret(_ schema: Self) -> Self {
        Self(.secret(schema.shape), absent: schema.absent, read: schema.read, write: schema.write)
    }

    /// A list.
    public static func array<Element>(_ element: Schema<Element>, _ count: ClosedRange<Int> = 0...1000) -> Self where Value == [Element] {
        Self(.array(element.shape, count: count)) { json, pointer, errors in
            guard let items = json.array else { return errors.refuse(pointer, "must be a list") }
            guard count.contains(items.count) else {
                return errors.refuse(pointer, "must have \(count.lowerBound) to \(count.upperBound) items")
            }
            var values: [Element] = []
            for (index, item) in items.enumerated() where !errors.isFull {
                if let value = element.read(item, "\(pointer)/\(index)", &errors) { values.append(value) }
            }
            return values.count == items.count ? values : nil
        } write: { values, writer in
            writer.list(values) { element.write($1, &$0) }
        }
    }

    /// An object whose member names are free; written in the order of the names.
    public static func map<Element>(_ element: Schema<Element>, atMost count: Int = 1000) -> Self where Value == [String: Element] {
        Self(.map(element.shape)) { json, pointer, errors in
            guard let members = json.object else { return errors.refuse(pointer, "must be an object") }
            guard members.count <= count else { return errors.refuse(pointer, "must have at most \(count) members") }
            var values: [String: Element] = [:]
            for (name, member) in members.sorted(by: { $0.key < $1.key }) where !errors.isFull {
                values[name] = element.read(member, pointer.pointing(to: name), &errors)
            }
            return values.count == members.count ? values : nil
        } write: { values, writer in
            writer.raw(UInt8(ascii: "{"))
            for (index, (name, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { writer.raw(UInt8(ascii: ",")) }
                writer.write(name)
                writer.raw(UInt8(ascii: ":"))
                element.write(value, &writer)
            }
            writer.raw(UInt8(ascii: "}"))
        }
    }
}

/// One member of a partial update.
public enum Change<Value: Sendable>: Sendable {
    /// The member was not sent.
    case keep
    case set(Value)

    /// The new value, or else the present one.
    public func applied(to present: Value) -> Value {
        if case .set(let value) = self { value } else { present }
    }
}

extension Change: Equatable where Value: Equatable {}

extension String {
    /// The pointer to a member of what this pointer names (RFC 6901).
    func pointing(to name: String) -> String {
        self + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}

extension JSONValue {
    /// What our own encoder wrote, read back.
    static func reading(_ bytes: [UInt8]) -> JSONValue { (try? JSONValue(parsing: bytes, .stored)) ?? .null }
}
