import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ParleyCore

/// A client of the API that sees every answer as it is, refusals too.
struct Caller: Sendable {
    let base: URL
    var token: String?

    /// The answer's status, headers and whole body.
    func send(
        _ method: HTTPMethod, _ path: String, json: JSONValue? = nil, bytes: [UInt8]? = nil, _ headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = request(method, path, headers)
        if let json {
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json.text))
        } else if let bytes {
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 26)
        AnswerLog.shared.note(method, path, Int(response.status.code), response.headers)
        return Answer(status: Int(response.status.code), headers: response.headers, bytes: Array(buffer: body))
    }

    /// An answer's events from the one after `last`; ends when the server ends them or `body` says that it has enough.
    func follow(
        _ path: String, after last: String? = nil, headers: [String: String] = [:], _ body: (WireEvent) async throws -> Bool = { _ in true }
    ) async throws
        -> [WireEvent]
    {
        var request = request(.GET, path, headers.merging(["Accept": "text/event-stream"]) { own, _ in own })
        if let last { request.headers.replaceOrAdd(name: "Last-Event-ID", value: last) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        AnswerLog.shared.note(.GET, path, Int(response.status.code), response.headers)
        guard response.status == .ok else { throw Refusal(status: Int(response.status.code)) }
        var decoder = EventStreamDecoder()
        var events: [WireEvent] = []
        for try await buffer in response.body {
            for event in try decoder.feed(Array(buffer: buffer)) {
                let event = WireEvent(id: event.id, kind: event.type, data: try JSONValue(parsing: event.data.utf8))
                events.append(event)
                guard try await body(event) else { return events }
            }
        }
        return events
    }

    /// Sends a request and goes away as soon as so much of the answer has come.
    func leave(_ method: HTTPMethod, _ path: String, json: JSONValue, afterBytes limit: Int) async throws {
        var request = request(method, path, ["Content-Type": "application/json"])
        request.body = .bytes(ByteBuffer(string: json.text))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        var count = 0
        for try await buffer in response.body {
            count += buffer.readableBytes
            if count >= limit { return }
        }
    }

    /// Sends a request, does something once the first bytes of the answer's body are there, and gives the whole answer.
    func send(
        _ method: HTTPMethod, _ path: String, json: JSONValue, _ headers: [String: String] = [:], onceBegun body: () async throws -> Void
    ) async throws -> Answer {
        var request = request(method, path, headers)
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: json.text))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        var bytes: [UInt8] = []
        for try await buffer in response.body {
            if bytes.isEmpty { try await body() }
            bytes += Array(buffer: buffer)
        }
        return Answer(status: Int(response.status.code), headers: response.headers, bytes: bytes)
    }

    struct Refusal: Error { let status: Int }

    private func request(_ method: HTTPMethod, _ path: String, _ headers: [String: String]) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base.absoluteString + path)
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer " + token) }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        return request
    }
}

extension HTTPMethod {
    static let get = GET
    static let post = POST
    static let put = PUT
    static let patch = PATCH
    static let delete = DELETE
}

/// An answer as it came.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(parsing: bytes)) ?? .null }
    func header(_ name: String) -> String? { headers.first(name: name) }
    /// The code of a problem document; nil when the answer is none.
    var problem: String? { header("Content-Type") == "application/problem+json" ? json["code"]?.string : nil }
    var items: [JSONValue] { json["items"]?.array ?? [] }
    var ids: [String] { items.compactMap { $0["id"]?.string } }
}

/// One event of an event stream.
struct WireEvent: Sendable, Hashable {
    let id: String?
    let kind: String
    let data: JSONValue
}
