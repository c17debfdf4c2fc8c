import AsyncHTTPClient
public import Foundation
import NIOCore
import NIOHTTP1
import ParleyCore

extension ParleyAPI {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// No body.
    public struct Nothing: Codable, Sendable { public init() {} }

    /// An answer as it came; its status is below 400.
    public struct Answered: Sendable {
        public let status: Int
        public let headers: [(name: String, value: String)]
        public let body: Data

        /// The first value of this name, whatever its case.
        public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

        var retryAfter: Duration? { header("Retry-After").flatMap { RetryAfter.parse($0) } }
    }

    /// - Parameters:
    ///   - path: such as `/v1/projects`.
    ///   - query: escaped for you; a name may stand more than once.
    public func get<Value: Decodable>(
        _ path: String, query: KeyValuePairs<String, String> = [:], as type: Value.Type = Value.self
    ) async throws -> Value {
        try decoded(try await call(.get, path, query: query))
    }

    public func post<Value: Decodable>(
        _ path: String, _ body: some Encodable & Sendable, as type: Value.Type = Value.self
    ) async throws -> Value {
        try decoded(try await call(.post, path, body: body))
    }

    public func put<Value: Decodable>(
        _ path: String, _ body: some Encodable & Sendable, as type: Value.Type = Value.self
    ) async throws -> Value {
        try decoded(try await call(.put, path, body: body))
    }

    public func patch<Value: Decodable>(
        _ path: String, _ body: some Encodable & Sendable, as type: Value.Type = Value.self
    ) async throws -> Value {
        try decoded(try await call(.patch, path, body: body))
    }

    public func delete(_ path: String) async throws { try await call(.delete, path) }

    /// Any call, with headers such as `If-Match`.
    /// - Parameters:
    ///   - headers: stand in place of those that the client would send.
    ///   - idempotencyKey: for a change; a random one when left out. Give the same one to make sure that a call which an earlier run of
    ///     your program may have made is not carried out twice.
    /// - Throws: `Problem`.
    @discardableResult
    public func call<Body: Encodable & Sendable>(
        _ method: Method, _ path: String, query: KeyValuePairs<String, String> = [:], headers: [String: String] = [:],
        body: Body? = Nothing?.none, idempotencyKey: String? = nil
    ) async throws -> Answered {
        var outgoing = Outgoing(method, path, query, headers)
        if let body { outgoing.body = .json(try JSONForm.encode(body)) }
        if let idempotencyKey { outgoing.headers["Idempotency-Key"] = idempotencyKey }
        return try await send(outgoing)
    }

    func decoded<Value: Decodable>(_ answer: Answered) throws -> Value {
        if answer.body.isEmpty, let nothing = Nothing() as? Value { return nothing }
        do { return try JSONForm.decode(Value.self, answer.body) } catch { throw Problem.unreadable(answer, error) }
    }
}

/// A call on its way; it may be sent more than once.
struct Outgoing: Sendable {
    enum Body: Sendable {
        case none
        case json(Data)
        case file(URL, length: Int64)
    }

    let method: ParleyAPI.Method
    let target: String
    var headers: [String: String]
    var body = Body.none

    init(_ method: ParleyAPI.Method, _ path: String, _ query: KeyValuePairs<String, String> = [:], _ headers: [String: String] = [:]) {
        let pairs = query.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
        target = path + (pairs.isEmpty ? "" : (path.contains("?") ? "&" : "?") + pairs.joined(separator: "&"))
        (self.method, self.headers) = (method, headers)
        if method != .get, method != .head, headers["Idempotency-Key"] == nil { self.headers["Idempotency-Key"] = UUID().uuidString }
    }

    private static func escaped(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.map { byte in
            plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension ParleyAPI {
    /// The whole answer, after as many tries as it takes.
    func send(_ outgoing: Outgoing) async throws -> Answered {
        try await trying(outgoing) { response in try await Self.whole(response) }
    }

    /// Makes the call until it succeeds, its failure is not a passing one, or the tries are used up.
    func trying<Result>(_ outgoing: Outgoing, _ use: (HTTPClientResponse) async throws -> Result) async throws -> Result {
        var tries = 0
        var hasRenewed = false
        while true {
            tries += 1
            let token = await credentials.accessToken
            do {
                return try await once(outgoing, token, use)
            } catch let failure as Problem {
                if failure.status == 401, !hasRenewed, token != nil, try await renewed(token) != nil {
                    hasRenewed = true
                } else {
                    guard failure.isPassing, let pause = retry.pause(after: tries, asked: failure.retryAfter) else { throw failure }
                    try await Task.sleep(for: pause)
                }
            }
        }
    }

    private func renewed(_ token: String?) async throws -> String? {
        let server = server
        return try await credentials.renewed(token) { refreshToken in
            var renewing = ParleyAPI(server: server, token: "")
            renewing.retry.attempts = 1
            return try await renewing.post("/v1/auth/refresh", ["refresh_token": refreshToken])
        }
    }

    private func once<Result>(
        _ outgoing: Outgoing, _ token: String?, _ use: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        do {
            let response = try await Self.http.execute(try request(outgoing, token), timeout: .seconds(60))
            guard response.status.code < 400 else { throw Problem(try await Self.whole(response)) }
            return try await use(response)
        } catch let failure as Problem {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw Problem.unreachable(error)
        }
    }

    private func request(_ outgoing: Outgoing, _ token: String?) throws -> HTTPClientRequest {
        let root = server.absoluteString
        var request = HTTPClientRequest(url: (root.hasSuffix("/") ? String(root.dropLast()) : root) + outgoing.target)
        request.method = HTTPMethod(rawValue: outgoing.method.rawValue)
        if let token, !token.isEmpty { request.headers.add(name: "Authorization", value: "Bearer " + token) }
        switch outgoing.body {
        case .none: break
        case .json(let data):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: data))
        case .file(let url, let length):
            request.headers.add(name: "Content-Type", value: "application/octet-stream")
            request.body = .stream(FileChunks(url: url), length: .known(length))
        }
        for (name, value) in outgoing.headers { request.headers.replaceOrAdd(name: name, value: value) }
        return request
    }

    /// For all clients of the process, for as long as it runs. A server that refuses a connection is told of at once; when to try again
    /// is for `RetryRule` to say.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Answers that are read as a whole are at most this long.
    private static let longest = 256 << 20

    private static func whole(_ response: HTTPClientResponse) async throws -> Answered {
        let body = try await response.body.collect(upTo: longest)
        return Answered(
            // fits: three digits
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: Data(body.readableBytesView))
    }
}
