import ParleyCore

/// One member of an object: its name on the wire, where it comes from, and its schema.
public struct Field<Root: Sendable, Value: Sendable>: Sendable {
    let name: String
    let get: @Sendable (Root) -> Value
    let schema: Schema<Value>
    let description: String
    /// Whether it is another resource, written only when `include` names it.
    var isRelated = false

    /// - Parameters:
    ///   - name: in snake_case.
    ///   - get: a key path, or a closure.
    ///   - description: what it means, for people.
    public static func field(
        _ name: String, _ get: @escaping @Sendable (Root) -> Value, _ schema: Schema<Value>, _ description: String = ""
    ) -> Self {
        Self(name: name, get: get, schema: schema, description: description)
    }

    /// Another resource that `?include=` adds to the answer: null unless the store has brought it along.
    public static func related<Wrapped>(
        _ name: String, _ get: @escaping @Sendable (Root) -> Wrapped?, _ schema: Schema<Wrapped>, _ description: String = ""
    ) -> Self where Value == Wrapped? {
        var field = Self(name: name, get: get, schema: .optional(schema), description: description)
        field.isRelated = true
        return field
    }

    var shape: MemberShape {
        MemberShape(name: name, description: description, shape: schema.shape, isRequired: schema.absent == nil, isRelated: isRelated)
    }

    /// Reads the member; a missing one is an error unless its schema says what that stands for.
    func read(_ members: [String: JSONValue], _ pointer: String, _ errors: inout FieldErrors) -> Value? {
        if let member = members[name] { return schema.read(member, pointer.pointing(to: name), &errors) }
        return schema.absent ?? errors.refuse(pointer.pointing(to: name), "is required")
    }
}

extension Schema {
    /// An object that is read and written.
    /// - Parameters:
    ///   - name: its name in the OpenAPI document; one name for one form.
    ///   - ignoresUnknown: passes over members that it does not know, for the bodies of foreign protocols.
    ///   - example: shown in the documentation.
    ///   - construct: makes the value of its fields, in their order. A `ParleyError` thrown here (for rules between
    ///     fields) joins the other errors.
    public static func object<each Member>(
        _ name: String, _ description: String, _ fields: repeat Field<Value, each Member>, ignoresUnknown: Bool = false, example: Value,
        construct: @escaping @Sendable (repeat each Member) throws -> Value
    ) -> Self {
        let write = writer(repeat each fields)
        let known = names(repeat each fields)
        return Self(shape(name, description, ignoresUnknown, example, write, repeat each fields)) { json, pointer, errors in
            guard let members = json.object else { return errors.refuse(pointer, "must be an object") }
            for name in ignoresUnknown ? [] : members.keys.sorted() where !known.contains(name) && !errors.isFull {
                errors.append(FieldError(pointer.pointing(to: name), "is not a known field"))
            }
            let values = (repeat (each fields).read(members, pointer, &errors))
            do {
                return try construct(repeat (each values).orMissing())
            } catch is MissingValue {
                return nil
            } catch {
                errors.append(contentsOf: Self.fieldErrors(error, pointer))
                return nil
            }
        } write: { value, writer in
            write(value, &writer)
        }
    }

    /// An object that is only ever written.
    public static func object<each Member>(
        _ name: String, _ description: String, _ fields: repeat Field<Value, each Member>, example: Value
    ) -> Self {
        let write = writer(repeat each fields)
        return Self(shape(name, description, false, example, write, repeat each fields)) { _, pointer, errors in
            errors.refuse(pointer, "is never sent to the server")
        } write: { value, writer in
            write(value, &writer)
        }
    }

    private typealias Write = @Sendable (Value, inout JSONWriter) -> Void

    private static func names<each Member>(_ fields: repeat Field<Value, each Member>) -> Set<String> {
        var names: Set<String> = []
        for field in repeat each fields { names.insert(field.name) }
        return names
    }

    private static func shape<each Member>(
        _ name: String, _ description: String, _ isOpen: Bool, _ example: Value, _ write: Write,
        _ fields: repeat Field<Value, each Member>
    ) -> SchemaShape {
        var members: [MemberShape] = []
        repeat members.append((each fields).shape)
        var writer = JSONWriter()
        write(example, &writer)
        return .object(
            ObjectShape(
                name: name, description: description, members: members, isOpen: isOpen,
                example: shown(.reading(ExampleIdentifiers.fixed(writer.bytes)), members)))
    }

    /// The example of a partial update without the members that it keeps.
    private static func shown(_ example: JSONValue, _ members: [MemberShape]) -> JSONValue {
        let kept = members.filter { if case .change = $0.shape { example[$0.name] == .null } else { false } }
        return .object((example.object ?? [:]).filter { name, _ in !kept.contains { $0.name == name } })
    }

    /// One closure around the next rather than a list of them: a loop in code that is not specialised for `Value` would look up
    /// the list's type anew for each object, which costs more than the writing.
    private static func writer<each Member>(_ fields: repeat Field<Value, each Member>) -> Write {
        var write: Write = { _, _ in }
        var index = 0
        for field in repeat each fields {
            let (before, get, schema) = (write, field.get, field.schema.write)
            let key = JSONWriter.Key(field.name, index: index, isRelated: field.isRelated)
            index += 1
            write = { value, writer in
                before(value, &writer)
                if writer.begin(key) { schema(get(value), &writer) }
            }
        }
        let members = write
        return { value, writer in
            let outer = writer.openObject()
            members(value, &writer)
            writer.closeObject(outer)
        }
    }

    private static func fieldErrors(_ error: any Error, _ pointer: String) -> [FieldError] {
        guard let error = error as? ParleyError else { return [FieldError(pointer, "is not valid")] }
        if error.fields.isEmpty { return [FieldError(pointer, error.message)] }
        return error.fields.map { FieldError(pointer + $0.pointer, $0.message) }
    }
}

/// A field could not be read; its error is already noted.
private struct MissingValue: Error {}

extension Optional {
    fileprivate func orMissing() throws -> Wrapped {
        guard let self else { throw MissingValue() }
        return self
    }
}
