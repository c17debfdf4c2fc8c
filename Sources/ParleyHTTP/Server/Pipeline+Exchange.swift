import HTTPTypes
import Hummingbird
import ParleyCore

extension Pipeline {
    /// What an endpoint's answer passes through: the body is unpacked and brought forward to the newest version, the endpoint answers
    /// (once, with an `Idempotency-Key`), and the answer is brought back to the caller's version, put into the form that the caller
    /// accepts, and compressed. A list as a whole is a stream of its own making.
    func exchange(_ request: Request, _ endpoint: Endpoint, _ route: Route, _ identity: RequestIdentity) async throws -> Response {
        let version = try endpoint.path.hasPrefix("/v1/") ? versions.version(request.headers) : versions.newest
        let changes = versions.changes(after: version, for: endpoint.id)
        // A form that cannot be had is told by the endpoint, after its checks at the door.
        let form = try? endpoint.representation(for: request.headers)
        if let sunset = endpoint.deprecation?.sunset, sunset <= clock.now() { throw endpoint.isGone }
        if endpointRequest(request, endpoint, route, identity).wantsWholeList {
            return try await wholeList(request, endpoint, route, identity, form, changes)
        }
        let plain = try withPlainTags(request, form).inflated(ratio: limits.inflation)
        var response = try await outcome(try await broughtForward(plain, changes, endpoint), endpoint, route, identity)
        response = try await broughtBack(response, changes, endpoint)
        response = try await formed(response, as: form, endpoint, fields: request.target.query.list("fields"))
        return try await coded(response, request, endpoint)
    }
}
