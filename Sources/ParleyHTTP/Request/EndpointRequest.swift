import Foundation
import HTTPTypes
import Hummingbird
public import ParleyCore

/// What a handler sees of the request.
public struct EndpointRequest: Sendable {
    /// Stands on the answer and in every log line; a well-formed one of the caller's is kept.
    public let requestID: String
    public let method: String
    /// Without the query.
    public let path: String
    /// The peer's address as text; a proxy's when one stands before.
    public let remoteAddress: String?
    /// Whether a program on this machine sent it to a loopback name, and no proxy passed it on.
    public let isLocal: Bool

    let request: Request
    let collected = CollectedRequest()
    let rate: RateMeter
    let endpoint: Endpoint
    let parameters: [String: String]
    let query: QueryString
    let limits: Limits
    private(set) var values = QueryValues()
    /// The input of a request that was never on the wire: read before any transaction began.
    var input: Result<any Sendable, any Error>?
    /// Which part of a streamed list is to be answered; nil for what the query asks.
    var part: (size: Int, cursor: String?)?

    init(_ request: Request, identity: RequestIdentity, endpoint: Endpoint, parameters: [String], limits: Limits) {
        (self.request, self.endpoint, self.limits) = (request, endpoint, limits)
        (requestID, remoteAddress, isLocal, rate) = (identity.requestID, identity.remoteAddress, identity.isLocal, identity.rate)
        method = request.method.rawValue
        (path, query) = request.target
        self.parameters = Dictionary(zip(endpoint.pathParameters, parameters)) { first, _ in first }
    }

    /// The text of `{name}` in the path.
    /// - Throws: `internal` when the path has no such parameter.
    public func parameter(_ name: String) throws -> String {
        guard let text = parameters[name] else {
            throw ParleyError(.internal, "The endpoint \(endpoint.id) has no path parameter \(name).")
        }
        return text
    }

    /// The identifier in `{name}` of the path.
    /// - Throws: `not_found` when the text is no identifier of the kind, since then it names nothing.
    public func id<Kind>(_ name: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(try parameter(name)) else {
            throw ParleyError(.notFound, "There is no such \(name): its identifier begins with \(Kind.prefix)_.")
        }
        return id
    }

    /// A header's value by its name; several joined with commas.
    public func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }

    public func cookie(_ name: String) -> String? {
        for pair in (request.headers[.cookie] ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].drop(while: { $0 == " " }) == name { return String(parts[1]) }
        }
        return nil
    }

    /// The token of `Authorization: Bearer` (RFC 6750).
    public var bearerToken: String? {
        guard let value = request.headers[.authorization], value.prefix(7).lowercased() == "bearer " else { return nil }
        let token = value.dropFirst(7).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }

    /// The host and port that the caller reached us by; the guard at the door has found it to be ours.
    public var authority: String? { request.head.authority }
    /// Where a client that lost an event stream wants to go on.
    public var lastEventID: String? { header("Last-Event-ID") }
    /// Of the body, with its parameters.
    public var contentType: String? { request.headers[.contentType] }
    /// Of the body, when the caller told.
    public var contentLength: Int64? { request.headers[.contentLength].flatMap { Int64($0) } }
    public var isMultipart: Bool { mediaType == "multipart/form-data" }

    /// The content type in lower case without parameters.
    var mediaType: String? {
        contentType?.split(separator: ";", omittingEmptySubsequences: false).first.map { $0.trimmingSpaces.lowercased() }
    }

    /// The request with its query parameters, its length, its media type and what it accepts checked.
    func validated() throws -> Self {
        var checked = self
        try checkAccept()
        checked.values = try QueryValues(query, endpoint.query)
        try checkRawBody()
        return checked
    }
}

extension EndpointRequest {
    /// The value of a declared query parameter; nil when it is missing and has no default.
    /// - Throws: `internal` when the endpoint declares no such parameter or another type.
    public func query<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        try text(name).map { try converted($0, name, Value.init) }
    }

    /// The value of a declared choice.
    public func query<Value: RawRepresentable>(_ name: String, as type: Value.Type = Value.self) throws -> Value?
    where Value.RawValue == String {
        try text(name).map { try converted($0, name, Value.init(rawValue:)) }
    }

    /// A declared moment.
    public func queryTime(_ name: String) throws -> Timestamp? {
        try text(name).map { try converted($0, name, Timestamp.init(rfc3339:)) }
    }

    /// All values of a declared list; empty when the parameter is missing.
    public func queryList(_ name: String) throws -> [String] {
        _ = try text(name)
        return values.values[name] ?? []
    }

    /// The members to write; nil for all but related resources. Read from the query itself, since the answer is made for the request
    /// as it came; that the names are right was checked before the handler ran.
    var choice: FieldChoice? {
        FieldChoice.of(endpoint.output, query.list("fields"), included: Set(endpoint.method == .get ? query.list("include") ?? [] : []))
    }

    private func text(_ name: String) throws -> String? {
        guard endpoint.query.contains(where: { $0.name == name }) else {
            throw ParleyError(.internal, "The endpoint \(endpoint.id) declares no query parameter \(name).")
        }
        return values.values[name]?.first
    }

    private func converted<Value>(_ text: String, _ name: String, _ convert: (String) -> Value?) throws -> Value {
        guard let value = convert(text) else {
            throw ParleyError(.internal, "The query parameter \(name) of \(endpoint.id) is declared with another type.")
        }
        return value
    }
}

/// How much a request may hold, and what its signatures are checked with.
struct Limits: Sendable {
    /// Of a JSON body, bytes.
    var json: Int
    /// Of a raw or multipart body, bytes.
    var upload: Int64
    /// Of a bulk request's body, bytes.
    var bulk: Int64
    /// Bytes that a compressed body may unpack to for each of its own, past the first MiB.
    var inflation: Int
    /// By when the answer must have begun.
    var time: Duration
    /// Signs what is handed out and wanted back.
    let signer: Signer
}

extension Limits {
    init(_ configuration: HTTPServer.Configuration, _ signer: Signer) {
        self.init(
            json: configuration.maximumJSON.bytes, upload: Int64(configuration.maximumUpload.bytes),
            bulk: Int64(configuration.maximumBulk.bytes), inflation: configuration.maximumInflation, time: configuration.requestTimeout,
            signer: signer)
    }
}

extension Request {
    /// Whether so much may still come that it is better not read after a refusal.
    var hasLongBody: Bool {
        headers[.transferEncoding] != nil || (headers[.contentLength].flatMap { Int64($0) } ?? 0) > 64 * 1024
    }

    /// The path as it was sent and the query. A target in absolute form (RFC 9112 §3.2.2) loses its scheme and host.
    var target: (path: String, query: QueryString) {
        var text = (head.path ?? "/")[...]
        if text.utf8.first != UInt8(ascii: "/"), let scheme = text.range(of: "://") {
            text = text[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
        }
        if let fragment = text.utf8.firstIndex(of: UInt8(ascii: "#")) { text = text[..<fragment] }
        let end = text.utf8.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        return (end == text.startIndex ? "/" : String(text[..<end]), QueryString(text[end...].dropFirst()))
    }
}

extension StringProtocol {
    var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
