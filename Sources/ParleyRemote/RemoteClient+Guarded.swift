import AsyncHTTPClient
import NIOHTTP1
import ParleyCore
import ParleyTelemetry

extension RemoteClient {
    /// Under what name metrics count all hosts that users name, so that nobody can fill the metrics with hosts.
    static let guardedLabel = "named-by-users"

    /// Sends a request to an address that a user named. The whole policy holds, with a breaker and a bulkhead for each host, and the
    /// guard looks at every address before it is called: the first one, and that of each redirect.
    /// - Parameter redirects: how many are followed; beyond that a redirect is `remote.rejected`.
    /// - Throws: `remote.address_refused`, and what `send` throws.
    public func sendGuarded(_ request: RemoteRequest, redirects: Int = 0) async throws -> RemoteResponse {
        do {
            let url = try UserURL(request.url)
            let host = guardedHosts.host(url.hostAndPort) { RemoteHost($0, configuration, label: Self.guardedLabel) }
            return try await call(request, host) { attempt in
                try await self.follow(request, url, redirects, attempt)
            } use: {
                $0
            }
        } catch let error as ParleyError where error.code == .addressRefused {
            telemetry.count(RemoteMetrics.refusedAddresses, ["call": request.name])
            throw error
        }
    }

    /// One try, through all its redirects, to the answer's end.
    private func follow(_ request: RemoteRequest, _ first: UserURL, _ redirects: Int, _ attempt: RemoteAttempt) async throws
        -> RemoteResponse
    {
        var hop = GuardedHop(first, attempt.request)
        var left = redirects
        while true {
            let url = hop.url
            let addresses = try await Deadline.run(within: attempt.remaining) { [guardian] in try await guardian.addresses(of: url) }
            do {
                return try await exchange(request, hop, addresses, attempt)
            } catch let error as ParleyError where left > 0 {
                guard let next = try hop.redirected(by: error) else { throw error }
                (hop, left) = (next, left - 1)
            }
        }
    }

    /// Talks to the first of these addresses that a connection can be made to, in the order that the resolver gave them. Once something may
    /// have been sent no other one is tried.
    private func exchange(_ request: RemoteRequest, _ hop: GuardedHop, _ addresses: [NetworkAddress], _ attempt: RemoteAttempt) async throws
        -> RemoteResponse
    {
        var failure: any Error = UserURL.refused("has no address")
        for address in addresses where attempt.remaining > .zero {
            do { return try await exchange(request, hop, address, attempt) } catch {
                failure = attempt.errors.map(error)
                guard RemoteErrorMapper.isUnconnected(failure) else { throw failure }
            }
        }
        throw failure
    }

    /// Talks to this one address and no other, over a connection that nobody else uses; TLS verifies the host's name all the same.
    private func exchange(_ request: RemoteRequest, _ hop: GuardedHop, _ address: NetworkAddress, _ attempt: RemoteAttempt) async throws
        -> RemoteResponse
    {
        var options = Self.options(configuration)
        options.httpVersion = .http1Only
        if case .name(let name) = hop.url.host { options.dnsOverride = [name: address.description] }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
        let limit = (request.maxResponse ?? configuration.maxResponse).bytes
        let hopAttempt = RemoteAttempt(request: hop.request, deadline: attempt.deadline, errors: attempt.errors)
        let result: Result<RemoteResponse, any Error>
        do { result = .success(try await Self.whole(hopAttempt, by: client, limit: limit)) } catch { result = .failure(error) }
        try? await client.shutdown()
        return try result.get()
    }
}

/// One address on the way of a guarded call, and what is sent to it.
struct GuardedHop: Sendable {
    let url: UserURL
    let request: HTTPClientRequest

    /// Our own trace is none of a stranger's business.
    init(_ url: UserURL, _ request: HTTPClientRequest) {
        var request = request
        request.url = url.text
        request.headers.remove(name: "traceparent")
        request.headers.remove(name: "tracestate")
        (self.url, self.request) = (url, request)
    }

    /// The next hop when this refusal is a redirect (RFC 9110, section 15.4); nil when it is something else.
    /// - Throws: `remote.address_refused`, also for one from https to http.
    func redirected(by error: ParleyError) throws -> GuardedHop? {
        guard let refusal = error.cause as? RemoteRejection, [301, 302, 303, 307, 308].contains(refusal.status),
            let location = refusal.location
        else { return nil }
        let next = try url.redirected(to: location)
        guard url.isPlain || !next.isPlain else { throw UserURL.refused("redirects from https to http") }
        var request = request
        if refusal.status == 303 || refusal.status < 303 && request.method == .POST {
            (request.method, request.body) = (.GET, nil)
            request.headers.remove(name: "Content-Type")
        }
        if next.origin != url.origin {
            for name in ["Authorization", "Cookie", "Proxy-Authorization"] { request.headers.remove(name: name) }
        }
        return GuardedHop(next, request)
    }
}
