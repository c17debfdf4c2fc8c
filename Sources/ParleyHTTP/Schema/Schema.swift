public import ParleyCore

/// How one type looks on the wire, declared once. Decoding with all errors at once, encoding, sparse fields and the
/// OpenAPI document all come from this value; nothing is guessed by reflection.
///
/// Make one with the static factories: `.object`, `.string`, `.int`, `.array`, `.optional` and so on.
public struct Schema<Value: Sendable>: Sendable {
    /// What the wire form is, for the OpenAPI document and the reference page.
    public let shape: SchemaShape
    /// What a member that is not there stands for; nil when it must be there.
    let absent: Value?
    let read: @Sendable (JSONValue, String, inout FieldErrors) -> Value?
    let write: @Sendable (Value, inout JSONWriter) -> Void
    /// The JSON text of each item of a page; nil for what is none.
    var items: (@Sendable (Value, FieldChoice?) -> [[UInt8]])?

    init(
        _ shape: SchemaShape, absent: Value? = nil,
        read: @escaping @Sendable (JSONValue, String, inout FieldErrors) -> Value?,
        write: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        (self.shape, self.absent, self.read, self.write) = (shape, absent, read, write)
    }

    /// The value that this JSON stands for.
    /// - Throws: `input.invalid` naming all invalid fields at once, up to a hundred, each with its JSON pointer (RFC 6901).
    public func decode(_ json: JSONValue) throws -> Value {
        var errors = FieldErrors()
        let value = read(json, "", &errors)
        guard let value, errors.isEmpty else {
            throw ParleyError(.invalidInput, Self.summary(errors), fields: errors.list)
        }
        return value
    }

    /// The value's JSON text as bytes.
    public func encode(_ value: Value) -> [UInt8] { encode(value, nil) }

    /// - Parameter choice: when given, only these members of the object (or of each item of a page) are written.
    func encode(_ value: Value, _ choice: FieldChoice?) -> [UInt8] {
        var writer = JSONWriter(fields: choice)
        write(value, &writer)
        return writer.bytes
    }

    private static func summary(_ errors: FieldErrors) -> String {
        guard let first = errors.list.first else { return "The input is not valid." }
        if errors.list.count > 1 { return errors.summary("fields") }
        return first.pointer.isEmpty ? "The body \(first.message)." : "\(first.pointer) \(first.message)."
    }
}
