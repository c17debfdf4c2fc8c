import Foundation
public import Hummingbird
import HummingbirdCore
import NIOCore
public import ParleyAuthority
public import ParleyCore
public import ParleyTelemetry

/// Puts endpoints, files and settings together into a service.
public enum HTTPServer {
    /// Files that the process needs beside its connections.
    private static let filesKept = 256
    /// What the headers of a request may be: bytes of one, bytes of all, and how many.
    private static let headerLimits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 32 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200)

    /// The server as a service for the service group: it runs until cancelled or told to shut down, and then finishes what it began.
    /// - Parameters:
    ///   - files: asked in order for paths that no endpoint has; the reference at `/docs` and `/openapi.json` come first.
    ///   - errorCodes: all codes of the product, for the page of errors.
    ///   - history: the dated versions that `Parley-Version` may name.
    ///   - idempotency: where requests with an `Idempotency-Key` are remembered; nil to pass over the header.
    ///   - signer: signs cursors, which stay good as long as its key is the same.
    ///   - rateStore: where it is kept how many requests callers have made.
    ///   - onListening: called once with the port that was bound.
    /// - Throws: `internal` when the endpoints are declared wrongly.
    public static func application(
        endpoints: [Endpoint], files: [any StaticFileProvider] = [], errorCodes: [ErrorCode] = [], authenticator: any RequestAuthenticator,
        authorizer: Authorizer, telemetry: Telemetry, configuration: Configuration, version: String = "0",
        history: VersionHistory = .published, idempotency: (any IdempotencyKeeper)? = nil, signer: Signer = .random,
        rateStore: any RateStore = MemoryRateStore(),
        clock: any WallClock = SystemClock(), onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let list = try EndpointList(endpoints)
        let reference = Reference(list, errorCodes: errorCodes, version: version, history: history)
        let logger = telemetry.logger("http")
        telemetry.metrics.register(HTTPMetrics.all)
        let pipeline = Pipeline(
            routes: RouteTable(endpoints), files: [reference] + files,
            gate: Gate(authenticator: authenticator, authorizer: authorizer),
            guardian: OriginGuard(publicURL: configuration.publicURL),
            headers: SecurityHeaders(isSecure: configuration.publicURL?.scheme == "https"),
            limits: Limits(configuration, signer),
            streams: StreamPolicy(heartbeat: configuration.heartbeat, logger: logger),
            telemetry: telemetry, logger: logger, clock: clock, rates: configuration.rates, rateStore: rateStore, versions: history,
            idempotency: idempotency, declared: DeclaredErrors(endpoints))
        let maximumUpload = Int64(configuration.maximumUpload.bytes)
        let peers = configuration.peers
        let connections = OpenConnections(
            most: min(peers.maximumConnections, max(64, (OpenFiles.limit ?? .max) - filesKept)),
            mostOfOne: configuration.rates.hops == 0 ? peers.maximumPerAddress : .max)
        return Application(
            responder: pipeline,
            server: HTTPServerBuilder { responder in
                LoopChannel(
                    base: HTTP1Channel(
                        responder: responder,
                        configuration: .init(
                            additionalChannelHandlers: [
                                ConnectionCountHandler(connections), ConnectionHandler(maximumBody: maximumUpload), SlowPeerHandler(peers),
                            ],
                            idleTimeout: .milliseconds(configuration.idleTimeout.milliseconds), httpDecoderConfiguration: headerLimits)))
            },
            configuration: .init(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
    }
}
