import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
public import ParleyCore
public import ParleyTelemetry

/// Calls other services over HTTP under one policy: deadline, retries, breaker and bulkhead for each host, bounded answers,
/// no redirects; every call is a span, counted, and carries the trace on.
public final class RemoteClient: Sendable {
    let configuration: Configuration
    let telemetry: Telemetry
    /// Looks at every address that a user names.
    public let guardian: AddressGuard
    let guardedHosts = RemoteHosts()
    let client: HTTPClient
    private let hosts = RemoteHosts()

    public init(
        _ configuration: Configuration = Configuration(), guardian: AddressGuard = AddressGuard(), telemetry: Telemetry
    ) {
        (self.configuration, self.guardian, self.telemetry) = (configuration, guardian, telemetry)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.options(configuration))
        telemetry.metrics.register(RemoteMetrics.all)
        telemetry.metrics.watchAll(RemoteMetrics.circuit) { [hosts] in
            hosts.all.map { ([$0.label], Self.number($0.circuit)) }
        }
        telemetry.metrics.watchAll(RemoteMetrics.underWay) { [hosts] in
            hosts.all.map { ([$0.label], Double($0.bulkhead.inUse)) }
        }
    }

    static func options(_ configuration: Configuration) -> HTTPClient.Configuration {
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        options.timeout.connect = .milliseconds(configuration.connectTimeout.milliseconds)
        options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.maxConcurrent
        options.connectionPool.retryConnectionEstablishment = false
        if let file = configuration.authorities {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(file)]
            options.tlsConfiguration = tls
        }
        return options
    }

    /// How the breaker of every host stands that the operator named, by host and port.
    public var circuits: [(host: String, circuit: RemoteCircuit)] {
        hosts.all.map { ($0.name, $0.circuit) }.sorted { $0.host < $1.host }
    }

    private static func number(_ circuit: RemoteCircuit) -> Double {
        switch circuit {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }

    /// One that nobody closed closes itself.
    deinit {
        let client = client
        client.shutdown { _ in withExtendedLifetime(client) {} }
    }

    /// Ends all connections. Calls after this fail.
    public func close() async { try? await client.shutdown() }

    /// The whole answer, with status 2xx.
    /// - Throws: `ParleyError` with a `remote.…` code, or `CancellationError`.
    public func send(_ request: RemoteRequest) async throws -> RemoteResponse {
        let limit = (request.maxResponse ?? configuration.maxResponse).bytes
        return try await call(request, host(request.url)) { [client] attempt in
            try await Self.whole(attempt, by: client, limit: limit)
        } use: {
            $0
        }
    }

    /// One try up to the answer's end.
    static func whole(_ attempt: RemoteAttempt, by client: HTTPClient, limit: Int) async throws -> RemoteResponse {
        let stream = try await open(attempt, by: client, idleTimeout: attempt.remaining, limit: limit)
        let chunks = stream.chunks
        let body = try await Deadline.run(within: attempt.remaining) { try await chunks.collected() }
        return RemoteResponse(status: stream.status, headers: stream.headers, body: body)
    }

    /// The whole answer, read as JSON.
    public func json(_ request: RemoteRequest) async throws -> JSONValue {
        let response = try await send(request)
        do {
            return try JSONValue(parsing: response.body)
        } catch {
            throw RemoteErrorMapper(call: request.name, host: RemoteHost.name(of: request.url) ?? "").invalidAnswer(error)
        }
    }

    /// Hands over the answer as soon as its head is there; its connection is free again when the body closure ends.
    /// Only what happens before the head is tried again.
    public func stream<T>(
        _ request: RemoteRequest, isolation: isolated (any Actor)? = #isolation, _ body: (RemoteStream) async throws -> T
    ) async throws -> T {
        let idle = request.idleTimeout ?? configuration.idleTimeout
        return try await call(request, host(request.url)) { [client] attempt in
            try await Self.open(attempt, by: client, idleTimeout: idle, limit: request.maxResponse?.bytes)
        } use: {
            try await body($0)
        }
    }

    private func host(_ url: String) throws -> RemoteHost {
        guard let name = RemoteHost.name(of: url) else {
            throw ParleyError(
                .remoteUnreachable, "The address of the service is not valid; it must begin with http:// or https:// and name a host.")
        }
        return hosts.host(name) { RemoteHost($0, configuration) }
    }

    /// One try up to the head. A status other than 2xx is thrown as `remote.rejected`.
    private static func open(
        _ attempt: RemoteAttempt, by client: HTTPClient, idleTimeout: Duration, limit: Int?
    ) async throws -> RemoteStream {
        let deadline = NIODeadline.now() + .nanoseconds(Int64(rounding: max(0, attempt.remaining.seconds) * 1e9))
        let response = try await client.execute(attempt.request, deadline: deadline)
        let headers = RemoteHeaders(all: response.headers.map { ($0.name, $0.value) })
        let status = Int(response.status.code)  // fits: three digits
        func chunks(_ idle: Duration, _ limit: Int?) -> RemoteChunks {
            RemoteChunks(body: response.body, idleTimeout: idle, limit: limit, errors: attempt.errors)
        }
        guard (200..<300).contains(status) else {
            let start = await beginning(of: chunks(min(attempt.remaining, .seconds(1)), nil))
            throw attempt.errors.rejected(status: status, body: start, headers)
        }
        if let limit, let length = headers["content-length"].flatMap(Int.init), length > limit { throw attempt.errors.tooLarge(limit) }
        return RemoteStream(status: status, headers: headers, chunks: chunks(idleTimeout, limit))
    }

    /// The first 2 KB of an answer, or what can be had of them.
    private static func beginning(of chunks: RemoteChunks) async -> [UInt8] {
        var start: [UInt8] = []
        var iterator = chunks.makeAsyncIterator()
        while start.count < 2048, let chunk = try? await iterator.next() { start += chunk }
        return start
    }
}
