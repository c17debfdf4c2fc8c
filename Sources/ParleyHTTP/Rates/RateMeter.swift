import ParleyCore
import ParleyTelemetry
import Synchronization

/// What a request draws on, and what was decided last, for the headers of whatever is answered.
final class RateMeter: Sendable {
    /// A caller's budgets.
    struct Account: Sendable {
        let caller: String
        let policies: [RateClass: RatePolicy]
        let store: any RateStore
        let telemetry: Telemetry
    }

    private struct State {
        var account: Account?
        var decision: RateDecision?
    }

    private let state = Mutex(State())

    var decision: RateDecision? { state.withLock { $0.decision } }

    /// From here on it is known who pays.
    func open(_ account: Account) { state.withLock { $0.account = account } }

    /// Takes so many requests of a class out of the caller's budget, which may be more than it holds: then all of it.
    /// - Parameters:
    ///   - taken: how many of them were taken before.
    ///   - isShown: whether the answer's headers tell of it.
    /// - Throws: `rate.exceeded`.
    func take(_ count: Int, of rate: RateClass, taken: Int = 0, isShown: Bool = true) async throws {
        guard let account = state.withLock({ $0.account }), let policy = account.policies[rate] else { return }
        let more = min(count, policy.quota) - taken
        guard more > 0 else { return }
        var decision = try await account.store.take(more, from: account.caller, policy)
        // Sent again, the request takes anew what it took before.
        if !decision.isAllowed { decision.wait += policy.interval * taken }  // fits: the window at most
        if isShown { state.withLock { [decision] in $0.decision = decision } }
        guard !decision.isAllowed else { return }
        account.telemetry.count(.limitedRequests, ["class": policy.name])
        throw decision.refusal(of: count)
    }
}

extension RateDecision {
    fileprivate func refusal(of count: Int) -> ParleyError {
        let allowance = "\(policy.quota) requests of the class \(policy.name) in \(policy.window.components.seconds) seconds"
        let message =
            count == 1
            ? "You have made \(allowance); wait before you send more."
            : "This counts as \(count) requests, and you may make \(allowance); of these \(remaining) are left. Wait before you send it again."
        return ParleyError(.rateExceeded, message, retryAfter: .seconds(wait.wholeSeconds))
    }
}

extension EndpointRequest {
    /// Counts the request, one of which was taken at the door, as so many of its class. One that counts as more than the whole allowance
    /// takes all of it.
    /// - Throws: `rate.exceeded`; `internal` when the endpoint is not declared as counted by its content.
    public func count(as number: Int) async throws {
        guard endpoint.isCountedByContent else {
            throw ParleyError(.internal, "The endpoint \(endpoint.id) does not declare that it is counted by its content.")
        }
        try await rate.take(number, of: endpoint.rate, taken: 1)
    }
}
