import HTTPTypes
import Hummingbird
import ParleyAuthority
import ParleyCore
public import ParleyTelemetry

extension Metric {
    public static let limitedRequests = counter(
        "parley_http_rate_limited_total", "Requests refused because the caller made too many, by class.", labels: ["class"])
}

extension Pipeline {
    /// Takes the request out of its caller's budget: a person's, or an address's where nobody signed in. A token that is not
    /// good counts against its address, so that guessing is slow.
    /// - Returns: the pipeline that knows the caller, who is not looked up again.
    /// - Throws: `rate.exceeded`; `auth.required` where the endpoint wants somebody.
    func admitting(_ request: Request, _ endpoint: Endpoint, _ route: Route, _ identity: RequestIdentity) async throws -> Pipeline {
        // Probes are free; a token that comes with one is looked up, and counts.
        let isProbe = endpoint.rate == .health
        if isProbe, request.headers[.authorization] == nil { return self }
        var pipeline = self
        var caller = identity.remoteAddress ?? "unknown"
        var refusal: (any Error)?
        if endpoint.access != .open {
            do {
                let principal = try await gate.principal(endpointRequest(request, endpoint, route, identity))
                pipeline.gate = gate.knowing(principal)
                caller = principal.user.description
                identity.callerIsKnown(request)
            } catch {
                refusal = error
            }
        }
        identity.rate.open(RateMeter.Account(caller: caller, policies: rates.policies, store: rateStore, telemetry: telemetry))
        try await identity.rate.take(1, of: isProbe ? .ordinary : endpoint.rate, isShown: !isProbe)
        if let refusal { throw refusal }
        return pipeline
    }
}

extension RateDecision {
    /// Tells the policy and what is left of it (draft-ietf-httpapi-ratelimit-headers-10).
    func apply(to response: inout Response) {
        response.headers[.rateLimitPolicy] = "\"\(policy.name)\";q=\(policy.quota);w=\(policy.window.wholeSeconds)"
        response.headers[.rateLimit] = "\"\(policy.name)\";r=\(remaining);t=\(reset.wholeSeconds)"
    }
}

extension Duration {
    /// Seconds, a broken one counted as whole.
    var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
