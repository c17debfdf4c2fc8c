import ParleyCore

/// All named objects of the endpoints, by the way they go.
struct Components {
    private var sent: [String: ObjectShape] = [:]
    private var answered: [String: ObjectShape] = [:]
    /// Names that stand for more than one form.
    private(set) var conflicts: [String] = []

    init(_ endpoints: [Endpoint]) {
        for object in endpoints.flatMap({ $0.input?.objects ?? [] }) { note(object, \.sent) }
        for object in endpoints.flatMap({ $0.output.objects + $0.otherSuccesses.values.flatMap(\.objects) }) { note(object, \.answered) }
        conflicts += shared.filter { sent[$0]?.form != answered[$0]?.form || sent[$0 + "Input"] != nil || answered[$0 + "Input"] != nil }
    }

    private mutating func note(_ object: ObjectShape, _ side: WritableKeyPath<Components, [String: ObjectShape]>) {
        if let known = self[keyPath: side][object.name], known.form != object.form { conflicts.append(object.name) }
        self[keyPath: side][object.name] = object
    }

    private var shared: [String] { sent.keys.filter { answered[$0] != nil }.sorted() }

    /// What goes to the server.
    var sentSide: WireSide { WireSide(isSent: true, shared: Set(shared)) }
    /// What comes from it.
    var answeredSide: WireSide { WireSide(isSent: false, shared: Set(shared)) }

    /// Each object once, by its name.
    var objects: [String: ObjectShape] { sent.merging(answered) { $1 } }

    /// The JSON Schemas of both sides.
    var jsonSchemas: [String: JSONValue] {
        let (sentSide, answeredSide) = (sentSide, answeredSide)
        let pairs = sent.values.map { (sentSide.name(of: $0), $0.jsonSchema(sentSide)) }
        return Dictionary(pairs) { first, _ in first }.merging(answered.mapValues { $0.jsonSchema(answeredSide) }) { $1 }
    }
}

extension ObjectShape {
    /// What must agree when two types share a name.
    fileprivate var form: JSONValue {
        guard case .object(var members) = jsonSchema(.parameters) else { return .null }
        members["examples"] = nil
        return .object(members)
    }
}
