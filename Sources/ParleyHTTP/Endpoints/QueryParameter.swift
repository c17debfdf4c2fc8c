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
    /// Why the text is no such value; nil when it is one.
    let complaint: @Sendable (String) -> String?

    private init(
        _ name: String, _ description: String, _ shape: SchemaShape, isRequired: Bool = false, standard: String? = nil,
        isList: Bool = false,
        complaint: @escaping @Sendable (String) -> String?
    ) {
        (self.name, self.description, self.shape, self.isRequired) = (name, description, shape, isRequired)
        (self.standard, self.isList, self.complaint) = (standard, isList, complaint)
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

    /// What comes with an output's form: paging for pages, `fields` where there are fields to choose.
    static func implied(by output: SchemaShape) -> [QueryParameter] {
        var parameters: [QueryParameter] = []
        if case .page = output {
            parameters.append(.int("limit", "The most items to answer.", 1...100, default: 50))
            parameters.append(.string("cursor", "Where to go on: `next_cursor` of the page before.", 1...2000))
        }
        let names = output.selectable
        guard !names.isEmpty else { return parameters }
        let fields = QueryParameter(
            "fields", "Only these fields of each object, with commas between.", .array(.enumeration(names), count: 0...100), isList: true
        ) {
            names.contains($0) ? nil : "is not a field of the answer: \($0)"
        }
        return parameters + [fields]
    }
}

extension Schema {
    /// Why this JSON is no such value; nil when it is one.
    fileprivate func complaint(_ json: JSONValue) -> String? {
        var errors: [FieldError] = []
        return read(json, "", &errors) == nil ? errors.first?.message ?? "is not valid" : nil
    }
}
