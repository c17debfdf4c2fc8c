import HTTPTypes
import Hummingbird
import ParleyCore

extension Pipeline {
    /// How many items of a streamed list are read at a time: what a stream holds in memory, and how often the database is asked.
    private static let partSize = 1000

    /// All items of a list, `?all=true`, as a stream of its parts. The endpoint is run once for each part, so that the caller's
    /// permission is looked at again for each, nothing holds the database between them, and memory does not grow with the list.
    func wholeList(
        _ request: Request, _ endpoint: Endpoint, _ route: Route, _ identity: RequestIdentity, _ form: Representation?,
        _ changes: [APIChange]
    ) async throws -> Response {
        var call = endpointRequest(request, endpoint, route, identity)
        try call.checkWholeList()
        // A token may end while the stream goes on; who sent it does not change.
        let gate = endpoint.access == .open ? gate : gate.knowing(try await gate.principal(call))
        call.part = (Self.partSize, try call.validated().query("cursor"))
        let read: @Sendable (EndpointRequest) async throws -> (items: [[UInt8]], next: String?) = { call in
            guard let part = try await endpoint.run(call, gate).part(call) else {
                throw ParleyError(.internal, "The endpoint \(endpoint.id) answers no list.")
            }
            return part
        }
        let first = try await read(call)
        let (form, start) = (form ?? .json, call)
        let lines = try WholeListForm(form, endpoint.output, call.query.list("fields"), changes)
        let body = ResponseBody.streaming(nil, streams) { [lines] writer in
            var (lines, part, call) = (lines, first, start)
            try await writer.write(try lines.begin(part.items))
            while let next = part.next {
                call.part = (Self.partSize, next)
                part = try await withTaskExecutorPreference(PatientExecutor.shared) { [call] in try await read(call) }
                try await writer.write(try lines.more(part.items))
            }
            try await writer.write(lines.end())
        }
        return Response(status: .ok, headers: [.contentType: form.contentType], body: body)
    }
}

extension Request {
    /// More items than a page has when nobody says how many.
    private static let longList = 50

    /// Whether the query asks for a whole list, or for a long page of one.
    var asksForLongList: Bool {
        method == .get
            && target.query.pairs.contains {
                ($0.name == "all" && $0.value == "true") || ($0.name == "limit" && Int($0.value) ?? 0 > Self.longList)
            }
    }
}

extension EndpointRequest {
    /// Whether all of a list is asked for.
    var wantsWholeList: Bool {
        guard case .page = endpoint.output, endpoint.method == .get else { return false }
        return query.pairs.contains { $0.name == "all" && $0.value == "true" }
    }

    fileprivate func checkWholeList() throws {
        guard query.pairs.contains(where: { $0.name == "limit" }) else { return }
        throw ParleyError(
            .invalidInput, "The parameter limit cannot be given with all.", fields: [FieldError("limit", "cannot be given with all")])
    }
}

/// Writes a list piece by piece.
struct WholeListForm: Sendable {
    private let form: Representation
    private let shape: SchemaShape
    private let changes: [APIChange]
    private var table: CSVForm
    private var columns: [String] = []
    private var count = 0

    /// - Throws: `request.not_acceptable` for a form that holds a list as a whole.
    init(_ form: Representation, _ shape: SchemaShape, _ fields: [String]?, _ changes: [APIChange]) throws {
        guard [.json, .ndjson, .csv].contains(form) else {
            throw ParleyError(.notAcceptable, "A whole list comes as application/json, application/x-ndjson or text/csv.")
        }
        (self.form, self.shape, self.changes) = (form, shape, changes)
        table = CSVForm(shape, fields: fields)
    }

    mutating func begin(_ items: [[UInt8]]) throws -> [UInt8] {
        switch form {
        case .json: return Array("{\"items\":[".utf8) + (try more(items))
        case .csv:
            columns = table.columns(try values(items))
            return CSVForm.line(columns) + (try more(items))
        default: return try more(items)
        }
    }

    mutating func more(_ items: [[UInt8]]) throws -> [UInt8] {
        defer { count += items.count }
        if form == .csv { return try values(items).flatMap { table.line($0, columns) } }
        let texts = changes.isEmpty ? items : try values(items).map(\.bytes)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(0) { $0 + $1.count + 1 })
        for (index, text) in texts.enumerated() {
            if form == .json, count + index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += text
            if form == .ndjson { bytes.append(0x0A) }
        }
        return bytes
    }

    func end() -> [UInt8] {
        guard form == .json else { return [] }
        let total = "{\"count\":\(count),\"exact\":true}"
        return Array("],\"page\":{\"next_cursor\":null,\"prev_cursor\":null,\"has_more\":false,\"total\":\(total)}}".utf8)
    }

    /// The items as the caller's version knows them.
    private func values(_ items: [[UInt8]]) throws -> [JSONValue] {
        let parsed = try items.map { try JSONValue(parsing: $0, .stored) }
        guard !changes.isEmpty else { return parsed }
        let page: JSONValue = ["items": .array(parsed), "page": [:]]
        return changes.reversed().reduce(page) { $1.back($0) }["items"]?.array ?? parsed
    }
}
