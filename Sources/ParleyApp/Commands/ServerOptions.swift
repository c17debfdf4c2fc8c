import ArgumentParser
import Foundation
import ParleyClient
import ParleyCore

/// Which server a command talks to: a running one, or one in this process on a data folder that nobody else holds.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address of a running server; PARLEY_SERVER does the same.")
    var server: String?

    @Option(help: "Access token for --server; PARLEY_TOKEN does the same.")
    var token: String?

    @Option(help: "Data folder to open when no server is named.")
    var dataPath: String?

    @Flag(help: "Print JSON instead of text.")
    var json = false

    /// Runs the body with a client, and with the whole application around it when no server is named.
    func withClient<T: Sendable>(_ body: @escaping @Sendable (ParleyAPI) async throws -> T) async throws -> T {
        let environment = ProcessInfo.processInfo.environment
        if let address = server ?? environment["PARLEY_SERVER"] {
            guard let url = URL(string: address), url.scheme != nil else {
                throw ValidationError("--server needs an address like http://127.0.0.1:8080.")
            }
            guard let token = token ?? environment["PARLEY_TOKEN"] else { throw ValidationError("--server needs --token or PARLEY_TOKEN.") }
            return try await body(ParleyAPI(server: url, token: token))
        }
        return try await LocalServer.run(dataPath: dataPath, body)
    }
}

/// How commands report an error: one sentence on standard error, and an exit code that tells scripts what kind it was.
func reporting<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let failure as ParleyAPI.Problem {
        Terminal.tell("parley: " + failure.message)
        for field in failure.fields { Terminal.tell("  \(field.pointer) \(field.message)") }
        switch failure.status {
        case nil, 502, 503, 504: throw ExitStatus.unavailable
        case 404: throw ExitStatus.missing
        default: throw ExitStatus.failure
        }
    } catch let error as ParleyError {
        Terminal.tell("parley: " + error.message)
        for field in error.fields { Terminal.tell("  \(field.pointer) \(field.message)") }
        switch error.code.kind {
        case .unavailable, .upstream, .timeout: throw ExitStatus.unavailable
        case .notFound: throw ExitStatus.missing
        default: throw error.code == .settingsInvalid ? ExitStatus.settings : ExitStatus.failure
        }
    }
}
