import HTTPTypes
import ParleyCore

/// A form in which an answer's values can be had.
enum Representation: String, Sendable, CaseIterable {
    case json, ndjson, csv, yaml, xml

    /// The media types that name it; the first one is answered.
    var mediaTypes: [String] {
        switch self {
        case .json: ["application/json"]
        case .ndjson: ["application/x-ndjson", "application/ndjson", "application/jsonl"]
        case .csv: ["text/csv"]
        case .yaml: ["application/yaml", "text/yaml", "application/x-yaml"]
        case .xml: ["application/xml", "text/xml"]
        }
    }

    var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .xml: "application/xml; charset=utf-8"
        default: mediaTypes[0]
        }
    }

    /// The value in this form.
    /// - Parameters:
    ///   - shape: gives the order of members and the columns.
    ///   - fields: the members that were asked for; nil for all.
    func bytes(of value: JSONValue, shape: SchemaShape, fields: [String]? = nil) -> [UInt8] {
        switch self {
        case .json: value.bytes
        case .ndjson: NDJSONForm.bytes(value, shape)
        case .csv: CSVForm(shape, fields: fields).bytes(value)
        case .yaml: YAMLForm.bytes(value, shape)
        case .xml: XMLForm.bytes(value, shape)
        }
    }
}

extension Endpoint {
    /// The forms that a caller can choose from. Reads can be had in all, changes answer JSON; a stream or file is what it is.
    var representations: [Representation] {
        switch output {
        case .nothing, .bytes, .events: []
        default: method == .get ? Representation.allCases : rate == .bulk ? [.json, .ndjson] : [.json]
        }
    }

    /// The form that the caller likes best; nil when there is nothing to choose.
    /// - Throws: `request.not_acceptable` when the `Accept` header allows none that the endpoint has.
    func representation(for headers: HTTPFields) throws -> Representation? {
        guard let accept = headers[.accept] else { return representations.first }
        let list = QualityList(accept)
        if case .events = output { return try acceptingOnly("text/event-stream", list) }
        guard let standard = representations.first else { return nil }
        let ranked = representations.map { form in (form, form.mediaTypes.map(list.quality(ofMediaType:)).max() ?? 0) }
        guard let best = ranked.map(\.1).max(), best > 0 else {
            let offered = representations.map { $0.mediaTypes[0] }.joined(separator: ", ")
            throw ParleyError(.notAcceptable, "This endpoint answers \(offered), which the Accept header does not allow.")
        }
        return ranked.first { $0.1 == best }?.0 ?? standard
    }

    private func acceptingOnly(_ type: String, _ list: QualityList) throws -> Representation? {
        guard list.quality(ofMediaType: type) > 0 else {
            throw ParleyError(.notAcceptable, "This endpoint answers \(type), which the Accept header does not allow.")
        }
        return nil
    }
}

extension SchemaShape {
    /// The shape within what may be missing or null.
    var bare: SchemaShape {
        switch self {
        case .nullable(let shape), .defaulted(let shape, _), .change(let shape), .secret(let shape): shape.bare
        default: self
        }
    }

    /// The members of an object of this shape in the declared order, then others by name; every present one stands once.
    func ordered(_ members: [String: JSONValue]) -> [(name: String, value: JSONValue, shape: SchemaShape)] {
        var declared: [MemberShape] = []
        if case .object(let object) = bare { declared = object.members }
        if case .page(let item, _) = bare {
            declared = [MemberShape(name: "items", description: "", shape: .array(item, count: 0...Int.max), isRequired: true)]
        }
        let known = declared.compactMap { member in members[member.name].map { (member.name, $0, member.shape) } }
        let names = Set(declared.map(\.name))
        let element: SchemaShape = if case .map(let shape) = bare { shape } else { .any }
        let others = members.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value, element) }
        return known + others
    }

    /// The shape of a list's items.
    var element: SchemaShape {
        switch bare {
        case .page(let item, _), .array(let item, _): item
        default: .any
        }
    }
}

extension JSONValue {
    /// The rows that a table or a stream of lines shows: a page's items, a list's elements, or the value itself.
    func rows(_ shape: SchemaShape) -> (rows: [JSONValue], shape: SchemaShape) {
        if case .page = shape.bare { return (self["items"]?.array ?? [], shape.element) }
        if let elements = array { return (elements, shape.element) }
        if case .object(let object) = shape.bare, object.name == "BulkResult", let items = self["items"]?.array {
            return (items, object.members.first { $0.name == "items" }?.shape.element ?? .any)
        }
        return ([self], shape)
    }
}
