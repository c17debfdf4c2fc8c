public import ParleyCore

/// The form of a wire type, without its Swift type.
public indirect enum SchemaShape: Sendable {
    case any
    case boolean
    case string(length: ClosedRange<Int>, pattern: String?)
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case timestamp
    case identifier(prefix: String)
    case enumeration([String])
    case array(SchemaShape, count: ClosedRange<Int>)
    case map(SchemaShape)
    case nullable(SchemaShape)
    /// A password, token or key, which is never stored or logged as it stands.
    case secret(SchemaShape)
    /// May be left out; the text says what that means.
    case defaulted(SchemaShape, JSONValue)
    /// May be left out, which keeps the value as it is.
    case change(SchemaShape)
    case object(ObjectShape)
    /// A page of a list, and by what the list can be sorted and filtered.
    case page(SchemaShape, ListShape)
    /// No body at all.
    case nothing
    /// Bytes of one of these media types; of a file a part can be asked for.
    case bytes(contentTypes: [String], hasRanges: Bool)
    /// Server-sent events: each kind and the form of its data.
    case events([EventShape])
}

/// A named object on the wire.
public struct ObjectShape: Sendable {
    /// Its name in the OpenAPI document.
    public let name: String
    public let description: String
    /// In the order in which they are written.
    public let members: [MemberShape]
    /// Whether members beyond these are passed over rather than refused.
    public let isOpen: Bool
    public let example: JSONValue
}

/// One member of an object.
public struct MemberShape: Sendable {
    public let name: String
    public let description: String
    public let shape: SchemaShape
    /// Whether the member must stand in an input.
    public let isRequired: Bool
    /// Whether it is another resource, which only `include` brings.
    public var isRelated = false
}

/// One kind of server-sent event.
public struct EventShape: Sendable {
    public let kind: String
    public let description: String
    public let data: SchemaShape

    /// - Parameter data: the schema of the JSON in the event's data.
    public init<Value>(_ kind: String, _ description: String, _ data: Schema<Value>) {
        (self.kind, self.description, self.data) = (kind, description, data.shape)
    }
}

extension SchemaShape {
    /// Whether a secret stands anywhere within.
    public var holdsSecrets: Bool {
        switch self {
        case .secret: true
        case .array(let shape, _), .map(let shape), .nullable(let shape), .defaulted(let shape, _), .change(let shape), .page(let shape, _):
            shape.holdsSecrets
        case .object(let object): object.members.contains { $0.shape.holdsSecrets }
        case .events(let kinds): kinds.contains { $0.data.holdsSecrets }
        default: false
        }
    }

    /// The names that `?fields=` can choose from; empty when there are none.
    var selectable: [String] { chosen?.members.filter { !$0.isRelated }.map(\.name) ?? [] }

    /// The names that `?include=` can add; empty when there are none.
    var related: [String] { chosen?.members.filter(\.isRelated).map(\.name) ?? [] }
}
