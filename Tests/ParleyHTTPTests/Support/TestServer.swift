import Hummingbird
import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyTelemetry
import ParleyTesting
import ServiceLifecycle

/// Runs the real server on a free port for the length of a closure.
func withServer<Result: Sendable>(
    _ endpoints: [Endpoint] = Sample.endpoints, files: [any StaticFileProvider] = [],
    configuration: HTTPServer.Configuration = .test(), telemetry: Telemetry = .silent(),
    history: VersionHistory = .published,
    _ body: @escaping @Sendable (_ port: Int, _ stop: @escaping @Sendable () async -> Void) async throws -> Result
) async throws -> Result {
    let (ports, sink) = AsyncStream<Int>.makeStream()
    let application = try HTTPServer.application(
        endpoints: endpoints, files: files, authenticator: Sample.Accounts(), authorizer: .test(Sample.Accounts()),
        telemetry: telemetry, configuration: configuration, history: history
    ) { port in sink.yield(port) }
    let group = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: telemetry.logger))
    return try await withThrowingTaskGroup(of: Result?.self) { tasks in
        tasks.addTask {
            try await group.run()
            return nil
        }
        tasks.addTask {
            for await port in ports { return try await body(port) { await group.triggerGracefulShutdown() } }
            return nil
        }
        var result: Result?
        while result == nil, let next = try await tasks.next() { result = next }
        await group.triggerGracefulShutdown()
        tasks.cancelAll()
        guard let result else { throw ParleyError(.internal, "The server ended before the test.") }
        return result
    }
}

extension HTTPServer.Configuration {
    /// A free port, and what a test wants to be different.
    static func test(_ change: (inout Self) -> Void = { _ in }) -> Self {
        var configuration = Self(SettingsReader())
        configuration.port = 0
        change(&configuration)
        return configuration
    }
}
