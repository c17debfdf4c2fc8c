import HTTPTypes
import Hummingbird
import NIOCore
import ParleyAuthority
import ParleyCore

extension Pipeline {
    /// The endpoint's own answer. With an `Idempotency-Key` the endpoint is run once, however often the request comes; the answer is kept
    /// in the transaction of what it changes. An attempt that fails changes nothing and keeps nothing.
    func outcome(_ request: Request, _ endpoint: Endpoint, _ route: Route, _ identity: RequestIdentity) async throws -> Response {
        let first = endpointRequest(request, endpoint, route, identity)
        guard let keeper = idempotency, endpoint.isIdempotencyKeyed, request.headers[.idempotencyKey] != nil else {
            return try await endpoint.run(first, gate).response(first, streams)
        }
        let principal = try await gate.principal(first)
        let gate = gate.knowing(principal)
        let (read, body) = try await readWhole(request, endpoint)
        let idempotent = IdempotentRequest(
            user: principal.user, key: try IdempotencyKey.key(in: request.headers),
            fingerprint: IdempotencyKey.fingerprint(read, body: body), attempt: RequestID(at: clock.now()))
        let call = endpointRequest(read, endpoint, route, identity)
        if let answer = try await keeper.claim(idempotent) { return try await replay(answer, call, endpoint, gate) }
        return try await keeper.carryOut(idempotent) {
            let response = try await endpoint.run(call, gate).response(call, streams)
            return (response, try await kept(response, endpoint))
        }
    }

    func endpointRequest(_ request: Request, _ endpoint: Endpoint, _ route: Route, _ identity: RequestIdentity) -> EndpointRequest {
        EndpointRequest(request, identity: identity, endpoint: endpoint, parameters: route.values, limits: limits)
    }

    /// The request with its JSON body read, which the fingerprint needs; an upload stays a stream.
    func readWhole(_ request: Request, _ endpoint: Endpoint) async throws -> (Request, ByteBuffer?) {
        guard endpoint.accepts.isEmpty || endpoint.input != nil else { return (request, nil) }
        let limit = endpoint.rate == .bulk ? limits.bulk : Int64(limits.json)
        if let length = request.headers[.contentLength].flatMap({ Int64($0) }), length > limit { throw ParleyError.tooLarge(limit) }
        var body = ByteBuffer()
        for try await chunk in RequestBytes(request.body, limit: limit, expected: nil) { body.writeImmutableBuffer(chunk) }
        var whole = request
        whole.body = RequestBody(buffer: body)
        return (whole, body)
    }

    /// What of the answer is kept. A secret is not, and neither is a stream.
    private func kept(_ response: Response, _ endpoint: Endpoint) async throws -> KeptAnswer {
        let headers = response.headers.map { KeptAnswer.Header($0.name.canonicalName, $0.value) }
        var body: [UInt8]?
        if response.body.contentLength == 0 {
            body = []
        } else if endpoint.isInMemory, endpoint.cache != .secret, response.headers[.contentType] == "application/json" {
            body = try await response.body.bytes()
        }
        return KeptAnswer(status: response.status.code, headers: headers, body: body)
    }

    /// The answer once more. One with a body is only shown to who may still call the endpoint.
    private func replay(_ answer: KeptAnswer, _ call: EndpointRequest, _ endpoint: Endpoint, _ gate: Gate) async throws -> Response {
        guard let body = answer.body else {
            let place = answer.headers.first { $0.name.lowercased() == "location" }.map { " What it made is at \($0.value)." } ?? ""
            throw ParleyError(
                .idempotencyAnswerNotKept, "The request with this Idempotency-Key was carried out; its answer is not kept." + place)
        }
        if !body.isEmpty { try await gate.admit(endpoint.access, call) }
        var response = Response(
            status: .init(code: answer.status), body: body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: body)))
        for header in answer.headers {
            if let name = HTTPField.Name(header.name) { response.headers[name] = header.value }
        }
        response.headers[.idempotencyReplayed] = "true"
        // Nobody reads an upload that was taken before.
        if call.request.hasLongBody, !endpoint.accepts.isEmpty { response.headers[.connection] = "close" }
        return response
    }
}

extension Gate {
    /// The same gate for a caller whose token was checked.
    func knowing(_ principal: Principal) -> Gate {
        var gate = self
        gate.known = principal
        return gate
    }
}
