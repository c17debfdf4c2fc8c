import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ParleyCore
import ParleyTelemetry

/// What every request passes through, in this order: its names, its span, the guard at the door, the route, the endpoint; and on the
/// way out the error's problem document, the headers, the access log and the figures.
struct Pipeline: HTTPResponder {
    typealias Context = ConnectionContext
    typealias Route = (entry: RouteTable.Entry, values: [String])

    let routes: RouteTable
    let files: [any StaticFileProvider]
    var gate: Gate
    let guardian: OriginGuard
    let headers: SecurityHeaders
    let limits: Limits
    let streams: StreamPolicy
    let telemetry: Telemetry
    let logger: Logger
    let clock: any WallClock
    let rates: RateLimits
    let rateStore: any RateStore
    var versions = VersionHistory.published
    var idempotency: (any IdempotencyKeeper)?
    /// What each endpoint's documentation tells of.
    var declared = DeclaredErrors([])
    let packed = PackedFiles()

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let peer = context.remoteAddress
        let identity = RequestIdentity(
            request, context.channel, remoteAddress: rates.address(peer, forwarded: request.headers[.forwardedFor]),
            isLocal: isLocal(request, from: peer), clock: clock)
        return await TraceContext.$current.withValue(identity.trace) {
            let started = ContinuousClock.now
            let path = request.target.path
            let route = routes.match(path)
            let endpoint = route?.entry.endpoints[request.method == .head ? "GET" : request.method.rawValue]
            var response = await RequestDeadline.within(limits.time) {
                await away(request, endpoint) { await timed(request, path, route, endpoint, identity) }
            }
            announce(&response, request, endpoint)
            finish(&response, request, identity)
            record(response, request, path, endpoint, identity, ContinuousClock.now - started)
            return response
        }
    }

    /// Leaves the connection's thread to the other connections where an answer may take long: computing, a long body, or a long list,
    /// which gives way to all else.
    private func away(_ request: Request, _ endpoint: Endpoint?, _ answer: () async -> Response) async -> Response {
        if request.asksForLongList { return await withTaskExecutorPreference(PatientExecutor.shared) { await answer() } }
        let isQuick = endpoint.map { $0.rate == .ordinary || $0.rate == .health } ?? true
        if isQuick, !request.hasLongBody { return await answer() }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { await answer() }
    }

    /// The answer within its span, which ends in an error only when the fault is not the caller's.
    private func timed(_ request: Request, _ path: String, _ route: Route?, _ endpoint: Endpoint?, _ identity: RequestIdentity) async
        -> Response
    {
        do {
            return try await telemetry.span("http.request", attributes(request, path, endpoint)) { span in
                var response: Response
                do {
                    response = try await answer(request, path, route, endpoint, identity)
                } catch {
                    let told = ParleyError(mapping: error)
                    if told.code.isFault && told.code != .cancelled { throw told }
                    declared.note(told, endpoint, telemetry, logger)
                    response = problem(told, path, route, identity)
                }
                span.set("http.response.status_code", .int(response.status.code))
                return response
            }
        } catch {
            return problem(ParleyError(mapping: error), path, route, identity)
        }
    }

    private func problem(_ error: ParleyError, _ path: String, _ route: Route?, _ identity: RequestIdentity) -> Response {
        logger.report(error, "The request ended in an error.")
        telemetry.count(.httpProblems, ["code": error.code.name])
        let dialect = route?.entry.endpoints.first?.value.dialect ?? .problem
        var response = dialect.response(Problem(error: error, instance: path, requestID: identity.requestID))
        if error.code == .methodNotAllowed { response.headers[.allow] = route?.entry.allowed ?? "GET, HEAD, OPTIONS" }
        return response
    }

    /// - Throws: whatever the guard, the route or the endpoint throws.
    private func answer(
        _ request: Request, _ path: String, _ route: Route?, _ endpoint: Endpoint?, _ identity: RequestIdentity
    ) async throws -> Response {
        try request.checkForm()
        // Probes of health come by whatever address the machine has.
        if endpoint?.rate != .health { try guardian.check(request) }
        guard let route else { return try await file(request, path) }
        guard let endpoint else { return try otherMethod(request, route.entry) }
        let pipeline = try await admitting(request, endpoint, route, identity)
        var response = try await pipeline.exchange(request, endpoint, route, identity)
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = endpoint.cache.header }
        return response
    }

    /// A file of the binary at a path that no endpoint has.
    private func file(_ request: Request, _ path: String) async throws -> Response {
        let plain = withPlainTags(request, nil)
        if path == "*", request.method == .options { return Response(status: .noContent, headers: [.allow: Self.allMethods]) }
        for provider in files {
            guard let file = provider.file(at: path) else { continue }
            if request.method == .options { return Response(status: .noContent, headers: [.allow: "GET, HEAD, OPTIONS"]) }
            if request.method == .get || request.method == .head {
                return try await coded(file.response(to: plain), request, nil)
            }
            throw ParleyError(.methodNotAllowed, "\(path) can only be read.")
        }
        throw ParleyError(.notFound, "There is nothing at \(path).")
    }

    private static let allMethods = (Endpoint.Method.allCases.map(\.rawValue) + ["HEAD", "OPTIONS"]).sorted().joined(separator: ", ")

    private func otherMethod(_ request: Request, _ entry: RouteTable.Entry) throws -> Response {
        if request.method == .options { return Response(status: .noContent, headers: [.allow: entry.allowed]) }
        throw ParleyError(.methodNotAllowed, "This resource knows \(entry.allowed), not \(request.method.rawValue).")
    }

    private func finish(_ response: inout Response, _ request: Request, _ identity: RequestIdentity) {
        if request.method == .head { response = response.createHeadResponse() }
        if response.status == .requestTimeout || (response.status.code >= 400 && request.hasLongBody) {
            response.headers[.connection] = "close"
        }
        headers.apply(to: &response)
        identity.rate.decision?.apply(to: &response)
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = CachePolicy.privateNoCache.header }
        response.headers[.requestID] = identity.requestID
        response.headers[.traceparent] = identity.trace.traceparent
    }
}
