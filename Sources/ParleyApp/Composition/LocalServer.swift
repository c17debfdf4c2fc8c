import Accounts
import Foundation
import Logging
import ParleyAuthority
import ParleyClient
import ParleyCore
import ParleyTelemetry
import ServiceLifecycle
import Synchronization

/// The whole application in this process on a data folder that nobody else holds: commands talk to it as to any server.
enum LocalServer {
    /// Runs the body with a client signed in as an administrator; an installation without one gets the operator's own.
    static func run<T: Sendable>(dataPath: String?, _ body: @escaping @Sendable (ParleyAPI) async throws -> T) async throws -> T {
        var flags = ["http-port": "0", "log-level": "error"]
        if let dataPath { flags["data-path"] = dataPath }
        let reader = try SettingsOptions(words: []).reader(adding: flags)
        return try await run(reader) { parley, base in
            let session = try await parley.signIn.open(administrator(of: parley))
            return try await body(ParleyAPI(server: base, token: session.accessToken, refreshToken: session.refreshToken))
        }
    }

    /// Starts the services, runs the body once the server listens, and stops everything in order.
    static func run<T: Sendable>(
        _ reader: SettingsReader, logs: (any LogSink)? = nil, _ body: @escaping @Sendable (Parley, URL) async throws -> T
    ) async throws -> T {
        let parley = try await Parley(reader, logs: logs)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let services = try parley.services {
            port.yield($0)
            port.finish()
        }
        let group = ServiceGroup(services: services, logger: parley.telemetry.logger)
        let outcome = Mutex<Result<T, any Error>?>(nil)
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    defer { port.finish() }
                    try await group.run()
                }
                for await number in ports {
                    guard let base = URL(string: "http://127.0.0.1:\(number)") else { break }
                    let result: Result<T, any Error>
                    do { result = .success(try await body(parley, base)) } catch { result = .failure(error) }
                    outcome.withLock { $0 = result }
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        } catch {
            await parley.close()
            throw error
        }
        await parley.close()
        guard let result = outcome.withLock({ $0 }) else { throw ParleyError(.unavailable, "The application did not start.") }
        return try result.get()
    }

    /// The first administrator; the operator's own account when there is none yet.
    static func administrator(of parley: Parley) async throws -> Principal {
        if let known = try await parley.operators.administrator() { return known }
        guard let token = try await parley.signIn.issueFirstRunToken() else {
            throw ParleyError(.forbidden, "There is no active administrator.")
        }
        // 64 characters of four kinds are what every setting of `password.*` allows.
        let password = "Aa1-" + (0..<30).map { _ in String(UInt8.random(in: 16...255), radix: 16) }.joined()
        let made = try await parley.signIn.firstRun(token: token, email: "operator@localhost", name: "Operator", password: password)
        guard let principal = try await parley.signIn.principal(accessToken: made.accessToken) else {
            throw ParleyError(.forbidden, "There is no active administrator.")
        }
        return principal
    }
}
