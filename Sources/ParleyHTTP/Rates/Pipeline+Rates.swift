import HTTPTypes
import Hummingbird
import ParleyAuthority
import ParleyCore
public import ParleyTelemetry
import Synchronization

/// What was decided on a request's rate, for the headers of whatever is answered.
final class RateNote: Sendable {
    private let value = Mutex<RateDecision?>(nil)

    var decision: RateDecision? { value.withLock { $0 } }
    func note(_ decision: RateDecision) { value.withLock { $0 = decision } }
}

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
        if let policy = rates.policies[isProbe ? .ordinary : endpoint.rate] {
            let decision = try await rateStore.take(from: caller, policy)
            if !isProbe { identity.rate.note(decision) }
            if !decision.isAllowed { throw exceeded(decision) }
        }
        if let refusal { throw refusal }
        return pipeline
    }

    private func exceeded(_ decision: RateDecision) -> ParleyError {
        telemetry.count(.limitedRequests, ["class": decision.policy.name])
        return ParleyError(
            .rateExceeded,
            "You have made \(decision.policy.quota) requests of the class \(decision.policy.name) in \(decision.policy.window.components.seconds) seconds; wait before you send more.",
            retryAfter: .seconds(decision.wait.wholeSeconds))
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
    fileprivate var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
