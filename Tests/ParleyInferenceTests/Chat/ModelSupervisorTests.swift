import Foundation
import Logging
import ParleyCore
import Testing

@testable import ParleyInference

@Suite struct ModelSupervisorTests {
    /// Runs a supervisor whose child is a shell script, while the body runs.
    private func supervise(
        _ configuration: ModelSupervisor.Configuration, _ body: (ModelSupervisor) async throws -> Void
    ) async throws {
        var logger = Logger(label: "supervisor")
        logger.logLevel = .critical
        let supervisor = ModelSupervisor(configuration, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await supervisor.run() }
            try await body(supervisor)
            group.cancelAll()
        }
        if case .stopped = supervisor.state {} else { Issue.record("The supervisor is \(supervisor.state) at the end.") }
    }

    private static func configuration(_ script: String) -> ModelSupervisor.Configuration {
        var configuration = ModelSupervisor.Configuration(executable: "/bin/sh", arguments: ["-c", script])
        configuration.firstPause = .milliseconds(20)
        return configuration
    }

    /// Tells its process number in place of a port.
    private static let child = #"echo "listening on http://127.0.0.1:$$"; exec cat > /dev/null"#

    private func process(_ endpoint: ModelEndpoint) throws -> Int32 {
        try #require(URL(string: endpoint.base)?.port.map(Int32.init))
    }

    @Test func startsAtTheFirstUseAndStopsAtTheEnd() async throws {
        var child: Int32 = 0
        try await supervise(Self.configuration(Self.child)) { supervisor in
            if case .idle = supervisor.state {} else { Issue.record("The supervisor is \(supervisor.state) before the first use.") }
            let endpoint = try await supervisor.endpoint()
            child = try process(endpoint)
            #expect(endpoint.base.hasSuffix("/v1") && endpoint.bearer != nil)
            #expect(try await supervisor.endpoint() == endpoint)
            #expect(kill(child, 0) == 0)
        }
        #expect(kill(child, 0) == -1)
    }

    @Test func startsAgainAfterACrash() async throws {
        try await supervise(Self.configuration(Self.child)) { supervisor in
            let first = try await supervisor.endpoint()
            #expect(kill(try process(first), SIGKILL) == 0)
            var second = first
            while second == first {
                do { second = try await supervisor.endpoint() } catch let error as ParleyError { #expect(error.code == .modelUnreachable) }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(kill(try process(second), 0) == 0)
            #expect(first.bearer != second.bearer)
        }
    }

    @Test func theChildKnowsItsKey() async throws {
        try await supervise(Self.configuration(#"echo "listening on http://$PARLEY_MODEL_SERVER_KEY"; exec cat"#)) { supervisor in
            let endpoint = try await supervisor.endpoint()
            #expect(endpoint.base == "http://\(endpoint.bearer?.revealed ?? "")/v1")
        }
    }

    @Test func aChildThatDoesNotStartIsTold() async throws {
        for (script, timeout) in [("echo nonsense; exit 3", 30.0), ("sleep 30", 0.05)] {
            var configuration = Self.configuration(script)
            (configuration.startTimeout, configuration.firstPause) = (.seconds(timeout), .seconds(30))
            try await supervise(configuration) { supervisor in
                let error = await #expect(throws: ParleyError.self) { try await supervisor.endpoint() }
                #expect(error?.code == .modelUnreachable && error?.retryAfter == .seconds(30))
                #expect(error?.cause is ModelExit)
            }
        }
    }

    @Test func whatIsMissingIsTold() async throws {
        var withoutModel = Self.configuration(Self.child)
        withoutModel.modelFolder = "/nowhere"
        try await supervise(withoutModel) { supervisor in
            #expect(await #expect(throws: ParleyError.self) { try await supervisor.endpoint() }?.code == .modelMissing)
        }
        var withoutRuntime = Self.configuration(Self.child)
        (withoutRuntime.runtimeFolder, withoutRuntime.warm) = ("/nowhere", true)
        try await supervise(withoutRuntime) { supervisor in
            #expect(await #expect(throws: ParleyError.self) { try await supervisor.endpoint() }?.code == .inferenceRuntimeMissing)
        }
    }

    @Test func whoeverGivesUpIsForgotten() async throws {
        try await supervise(Self.configuration("exec cat")) { supervisor in
            let waiting = Task { try await supervisor.endpoint() }
            try await Task.sleep(for: .milliseconds(20))
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }
}
