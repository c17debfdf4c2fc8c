import HTTPTypes
import Hummingbird
import NIOCore
import ParleyCore

extension Pipeline {
    /// The request as the newest version knows it.
    func broughtForward(_ request: Request, _ changes: [APIChange], _ endpoint: Endpoint) async throws -> Request {
        guard !changes.isEmpty, endpoint.input != nil else { return request }
        let (read, body) = try await readWhole(request, endpoint)
        guard let body, body.readableBytes > 0, let value = try? JSONValue(parsing: body.readableBytesView) else { return read }
        var forward = read
        forward.body = RequestBody(buffer: ByteBuffer(bytes: changes.reduce(value) { $1.forward($0) }.bytes))
        var head = forward.head
        head.headerFields[.contentLength] = nil
        return Request(head: head, body: forward.body)
    }

    /// The answer as the client's version knows it.
    func broughtBack(_ response: Response, _ changes: [APIChange], _ endpoint: Endpoint) async throws -> Response {
        guard !changes.isEmpty, endpoint.isInMemory, response.headers[.contentType] == "application/json",
            response.status.kind == .successful
        else { return response }
        let value = try JSONValue(parsing: try await response.body.bytes(), .stored)
        var back = response
        back.body = .init(byteBuffer: ByteBuffer(bytes: changes.reversed().reduce(value) { $1.back($0) }.bytes))
        return back
    }

    /// What every answer of an endpoint says about itself, errors included.
    func announce(_ response: inout Response, _ request: Request, _ endpoint: Endpoint?) {
        guard let endpoint else { return response.vary(by: ["Accept-Encoding"]) }
        response.vary(by: endpoint.varies)
        guard endpoint.path.hasPrefix("/v1/") else { return }
        response.headers[.parleyVersion] = (try? versions.version(request.headers)) ?? versions.standard
        guard let deprecation = endpoint.deprecation else { return }
        response.headers[.deprecation] = deprecation.header
        response.headers[.sunset] = deprecation.sunsetHeader
        let successor = deprecation.successor.map { ", <\($0)>; rel=\"successor-version\"" } ?? ""
        let page = "</docs/changelog>; rel=\"deprecation\"; type=\"text/html\""
        response.headers.append(HTTPField(name: .link, value: page + successor))
    }
}

extension Endpoint {
    /// The request's headers that its answers depend on.
    var varies: [String] {
        (isInMemory ? ["Accept-Encoding"] : []) + (representations.count > 1 ? ["Accept"] : [])
            + (path.hasPrefix("/v1/") ? ["Parley-Version"] : [])
    }
}

extension Response {
    fileprivate mutating func vary(by names: [String]) {
        let present = headers[.vary].map { $0.split(separator: ",").map(\.trimmingSpaces) } ?? []
        let missing = names.filter { name in !present.contains { $0.lowercased() == name.lowercased() } }
        if !missing.isEmpty { headers[.vary] = (present + missing).joined(separator: ", ") }
    }
}
