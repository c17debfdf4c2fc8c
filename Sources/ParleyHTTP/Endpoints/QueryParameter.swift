public import ParleyCore

/// One declared parameter after the `?`. Declared parameters are checked all at once before the handler runs; others are refused.
public struct QueryParameter: Sendable {
    public let name: String
    public let description: String
    public let shape: SchemaShape
    public let isRequired: Bool
    /// The text that stands for a missing parameter.
    let standard: String?
    /// Whether it may be given several times, or several values at once with commas between.
    let isList: Bool
    /// What is wrong with the text; empty when nothing is.
    let check: @Sendable (String) -> [FieldError]
    /// A value for the documentation; nil when nobody can make one up.
    private(set) var example: JSONValue?

    private init(
        _ name: String, _ description: String, _ shape: SchemaShape, isRequired: Bool = false, standard: String? = nil,
        isList: Bool = false,
        complaint: @escaping @Sendable (String) -> String?
    ) {
        (self.name, self.description, self.shape, self.isRequired) = (name, description, shape, isRequired)
        (self.standard, self.isList) = (standard, isList)
        check = { text in complaint(text).map { [FieldError(name, $0)] } ?? [] }
        example = standard.map { (try? JSONValue(parsing: $0.utf8)) ?? .string($0) } ?? shape.example
    }

    /// `sort=`: the declared fields of a list, each with `-` before it for the other way.
    static func sort(_ shape: ListShape) -> Self {
        let names = shape.sortable
        let standard = shape.standard.map { ($0.isDescending ? "-" : "") + $0.field }.joined(separator: ",")
        return Self(
            "sort", "The order: fields with commas between, each with `-` before it for the greatest first. `\(standard)` when left out.",
            .array(.enumeration(names + names.map { "-" + $0 }), count: 0...8), isList: true
        ) { text in
            names.contains(text.hasPrefix("-") ? String(text.dropFirst()) : text)
                ? nil : "cannot be \(text); this list is sorted by \(names.joined(separator: ", "))"
        }
    }

    /// `filter=`: conditions on the declared fields of a list.
    static func filter(_ shape: ListShape) -> Self {
        let names = shape.fields.map(\.name).joined(separator: ", ")
        return Self(
            "filter", "Conditions with `;` between, such as `\(shape.filterExample)`. Fields: \(names).",
            .string(length: 1...4000, pattern: nil)
        ) { text in
            FilterParser(text, shape).errors
        }
        .showing(shape.filterExample.contains("…") ? nil : .string(shape.filterExample))
    }

    private init(
        _ name: String, _ description: String, _ shape: SchemaShape, check: @escaping @Sendable (String) -> [FieldError]
    ) {
        (self.name, self.description, self.shape, self.check) = (name, description, shape, check)
        (isRequired, standard, isList) = (false, nil, false)
        example = shape.example
    }

    /// The same parameter with another value in the documentation; nil for none.
    func showing(_ example: JSONValue?) -> Self {
        var parameter = self
        parameter.example = example
        return parameter
    }

    public static func string(
        _ name: String, _ description: String, _ length: ClosedRange<Int> = 0...1000, isRequired: Bool = false,
        default standard: String? = nil
    ) -> Self {
        let schema = Schema<String>.string(length)
        return Self(name, description, schema.shape, isRequired: isRequired, standard: standard) { text in
            schema.complaint(.string(text))
        }
    }

    public static func int(
        _ name: String, _ description: String, _ range: ClosedRange<Int> = 0...Int(Int32.max), isRequired: Bool = false,
        default standard: Int? = nil
    ) -> Self {
        let schema = Schema<Int>.int(range)
        return Self(name, description, schema.shape, isRequired: isRequired, standard: standard.map(String.init)) { text in
            schema.complaint(Int64(text).map { .int($0) } ?? .null)
        }
    }

    public static func double(
        _ name: String, _ description: String, _ range: ClosedRange<Double>, isRequired: Bool = false, default standard: Double? = nil
    ) -> Self {
        let schema = Schema<Double>.double(range)
        return Self(name, description, schema.shape, isRequired: isRequired, standard: standard.map { "\($0)" }) { text in
            schema.complaint(Double(text).map { .double($0) } ?? .null)
        }
    }

    public static func bool(_ name: String, _ description: String, default standard: Bool? = nil) -> Self {
        Self(name, description, .boolean, standard: standard.map { "\($0)" }) { text in
            Bool(text) == nil ? "must be true or false" : nil
        }
    }

    /// One of the type's raw values.
    public static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ description: String, _ type: Choice.Type, isRequired: Bool = false, default standard: Choice? = nil
    ) -> Self where Choice.RawValue == String {
        let schema = Schema<Choice>.enumeration()
        return Self(name, description, schema.shape, isRequired: isRequired, standard: standard?.rawValue) { text in
            schema.complaint(.string(text))
        }
    }

    public static func id<Kind: IdentifierKind>(_ name: String, _ description: String, _ kind: Kind.Type, isRequired: Bool = false) -> Self
    {
        let schema = Schema<Identifier<Kind>>.id()
        return Self(name, description, schema.shape, isRequired: isRequired) { text in schema.complaint(.string(text)) }
    }

    /// A moment, RFC 3339.
    public static func time(_ name: String, _ description: String, isRequired: Bool = false) -> Self {
        let schema = Schema<Timestamp>.timestamp()
        return Self(name, description, schema.shape, isRequired: isRequired) { text in schema.complaint(.string(text)) }
    }

    /// Several texts: the parameter repeated, or one with commas.
    public static func list(_ name: String, _ description: String, of length: ClosedRange<Int> = 1...200, atMost count: Int = 50) -> Self {
        let schema = Schema<String>.string(length)
        return Self(name, description, .array(schema.shape, count: 0...count), isList: true) { text in
            schema.complaint(.string(text))
        }
    }

    /// What comes with an output's form: paging, sorting and filtering for pages, `fields` where there are fields to choose, and for
    /// reads `include` where there are related resources.
    static func implied(by output: SchemaShape, _ method: Endpoint.Method) -> [QueryParameter] {
        var parameters: [QueryParameter] = []
        if case .page(_, let list) = output { parameters += .list(list) }
        let names = output.selectable
        if !names.isEmpty {
            parameters.append(
                QueryParameter(
                    "fields",
                    "Only these fields of each object, with commas between, and dots to those within: \(names.joined(separator: ", ")).",
                    .array(.string(length: 1...200, pattern: nil), count: 0...100), isList: true
                ) {
                    FieldChoice.complaint($0, in: output)
                }
                .showing(.array(names.prefix(2).map { .string($0) })))
        }
        let related = output.related
        if method == .get, !related.isEmpty {
            parameters.append(
                QueryParameter(
                    "include", "Related resources to answer with each object.", .array(.enumeration(related), count: 0...20), isList: true
                ) {
                    related.contains($0) ? nil : "cannot be \($0); there is \(related.joined(separator: ", "))"
                })
        }
        return parameters
    }
}

extension ListShape {
    /// A filter that the list takes, for its documentation.
    var filterExample: String {
        fields.prefix(2).map { field in
            switch field.kind {
            case .choice(let names): field.name + "=" + (names.first ?? "")
            case .text: field.name + "~office"
            case .id: field.name + "=…"
            case .time: field.name + ">=2026-11-22"
            case .int, .real: field.name + ">=10"
            case .bool: field.name + "=true"
            case .labels: field.name + "=rules"
            }
        }.joined(separator: ";")
    }
}

extension Schema {
    /// Why this JSON is no such value; nil when it is one.
    fileprivate func complaint(_ json: JSONValue) -> String? {
        var errors = FieldErrors()
        return read(json, "", &errors) == nil ? errors.list.first?.message ?? "is not valid" : nil
    }
}
