import HTTPTypes
import Hummingbird
import NIOCore
import ParleyAuthority
import ParleyCore

/// One operation as a request to the endpoint that does it alone. All that takes time with its size is done when it is made, so that nothing
/// of it is left for the transaction.
struct BulkSingle: Sendable {
    struct Ready: Sendable {
        let endpoint: Endpoint
        let request: EndpointRequest
        let gate: Gate
        /// What lies between the caller's version and the newest.
        let changes: [APIChange]
    }

    let operation: BulkOperation
    /// The error when there is no such endpoint.
    let ready: Result<Ready, any Error>

    /// What must be done before a transaction begins; nil when there is nothing.
    var slowWork: (@Sendable () async throws -> Void)? {
        guard let ready = try? ready.get(), let prepare = ready.endpoint.prepare, let input = try? ready.request.input?.get(),
            let principal = ready.gate.known
        else { return nil }
        return {
            try await ready.gate.admit(ready.endpoint.access, ready.request)
            try await prepare(input, principal)
        }
    }
}

/// The caller of operations is known; no token is asked for.
struct Nobody: RequestAuthenticator {
    func authenticate(_ bearer: String) async throws -> Principal? { nil }
}

extension EndpointRequest {
    /// A request to a single endpoint that was never on the wire.
    init(_ call: BulkCall, _ endpoint: Endpoint, parameters: [String: String], input: Result<any Sendable, any Error>?) {
        let head = HTTPRequest(method: .init(endpoint.method.rawValue) ?? .post, scheme: nil, authority: nil, path: endpoint.path)
        self.init(
            Request(head: head, body: RequestBody(buffer: ByteBuffer())), identity: RequestIdentity(requestID: call.requestID),
            endpoint: endpoint, parameters: endpoint.pathParameters.map { parameters[$0] ?? "" },
            limits: Limits(json: .max, upload: .max, bulk: .max, inflation: 1, time: .seconds(60), signer: .random))
        self.input = input
    }
}
