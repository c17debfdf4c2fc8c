import AsyncHTTPClient
public import Foundation
import NIOCore
import NIOHTTP1
import ParleyCore
public import ParleyTelemetry
import Synchronization

/// Calls other services over HTTP under one policy: deadline, retries, breaker and bulkhead for each host, bounded answers,
/// no redirects; every call is a span, counted, and carries the trace on.
public final class RemoteClient: Sendable {
    let configuration: Configuration
    let telemetry: Telemetry
    private let client: HTTPClient
    private let hosts = Mutex<[String: RemoteHost]>([:])

    public init(_ configuration: Configuration = Configuration(), telemetry: Telemetry) {
        (self.configuration, self.telemetry) = (configuration, telemetry)
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        options.timeout.connect = .milliseconds(configuration.connectTimeout.milliseconds)
        options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.maxConcurrent
        options.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
        telemetry.metrics.register(RemoteMetrics.all)
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
        return try await call(request) { attempt in
            let stream = try await self.open(attempt, idleTimeout: attempt.remaining, limit: limit)
            let chunks = stream.chunks
            let body = try await Deadline.run(within: attempt.remaining) { try await chunks.collected() }
            return RemoteResponse(status: stream.status, headers: stream.headers, body: body)
        } use: {
            $0
        }
    }

    /// The whole answer, read as JSON.
    public func json<T: Decodable>(_ type: T.Type, _ request: RemoteRequest, decoder: JSONDecoder = JSONDecoder()) async throws -> T {
        let response = try await send(request)
        do {
            return try decoder.decode(type, from: Data(response.body))
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
        return try await call(request) { attempt in
            try await self.open(attempt, idleTimeout: idle, limit: request.maxResponse?.bytes)
        } use: {
            try await body($0)
        }
    }

    func host(_ url: String) throws -> RemoteHost {
        guard let name = RemoteHost.name(of: url) else {
            throw ParleyError(
                .remoteUnreachable, "The address of the service is not valid; it must begin with http:// or https:// and name a host.")
        }
        return hosts.withLock { hosts in
            if let known = hosts[name] { return known }
            let made = RemoteHost(name, configuration, telemetry.metrics)
            hosts[name] = made
            return made
        }
    }

    /// One try up to the head. A status other than 2xx is thrown as `remote.rejected`.
    private func open(_ attempt: RemoteAttempt, idleTimeout: Duration, limit: Int?) async throws -> RemoteStream {
        let deadline = NIODeadline.now() + .nanoseconds(Int64(max(0, attempt.remaining.seconds) * 1e9))
        let response = try await client.execute(attempt.request, deadline: deadline)
        let headers = RemoteHeaders(all: response.headers.map { ($0.name, $0.value) })
        let status = Int(response.status.code)
        func chunks(_ idle: Duration, _ limit: Int?) -> RemoteChunks {
            RemoteChunks(body: response.body, idleTimeout: idle, limit: limit, errors: attempt.errors)
        }
        guard (200..<300).contains(status) else {
            let start = await Self.beginning(of: chunks(min(attempt.remaining, .seconds(1)), nil))
            throw attempt.errors.rejected(status: status, body: start, retryAfter: headers["retry-after"].flatMap { RetryAfter.parse($0) })
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
