import Accounts
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

/// The suites that share one running application on each engine, and one language model that answers by a script.
///
/// One test after the other: together they would only wait for each other's writes.
@Suite(.serialized, .installations) enum WithInstallations {}

extension Trait where Self == InstallationsTrait {
    static var installations: Self { Self() }
}

/// Starts the installations before the suite's first test, and stops them after its last.
struct InstallationsTrait: SuiteTrait, TestScoping {
    func provideScope(for test: Test, testCase: Test.Case?, performing tests: @Sendable () async throws -> Void) async throws {
        let model = try await ScriptedModel()
        try await TestDatabases.withURL(.postgres) { url in
            let folders = (try TemporaryFolder(), try TemporaryFolder())
            let sqlite = try await RunningApplication(Self.settings(folders.0, model, nil))
            let postgres = try await RunningApplication(Self.settings(folders.1, model, url))
            let installations: [Dialect: Installation] = [
                .sqlite: try await Self.installation(.sqlite, sqlite), .postgres: try await Self.installation(.postgres, postgres),
            ]
            try await Installation.$running.withValue(installations) { try await tests() }
            for installation in installations.values { try await Self.expectDeclaredErrors(installation) }
            try await Self.expectDeclaredAnswers(installations[.sqlite])
            try await sqlite.stop()
            try await postgres.stop()
            withExtendedLifetime(folders) {}
        }
        await model.stop()
    }

    /// Whatever the tests did, each endpoint answered only errors that its documentation tells of.
    private static func expectDeclaredErrors(_ installation: Installation) async throws {
        // A request shows in the figures after it; the first one may be this one.
        _ = try await installation.admin.caller.send(.get, "/metrics")
        let metrics = try await installation.admin.caller.send(.get, "/metrics").text
        #expect(metrics.contains("parley_http_requests_total{"))
        let undeclared = metrics.split(separator: "\n").filter { $0.hasPrefix("parley_http_undeclared_errors_total{") }
        #expect(undeclared.isEmpty, "declare these errors at their endpoints: \(undeclared)")
    }

    /// Whatever the tests did, every status and header that they were answered stands in the OpenAPI document.
    private static func expectDeclaredAnswers(_ installation: Installation?) async throws {
        let document = try await installation?.admin.caller.send(.get, "/openapi.json").json ?? .null
        let undeclared = AnswerLog.shared.undeclared(in: document)
        #expect(undeclared.isEmpty, "declare these answers: \(undeclared.joined(separator: "; "))")
    }

    private static func settings(_ folder: TemporaryFolder, _ model: ScriptedModel, _ database: String?) throws -> SettingsReader {
        var settings = [
            "answer-quotes-only": "false", "model-url": model.url, "model-name": "scripted", "remote-breaker-failures": "1000",
            "remote-max-concurrent": "100", "http-max-upload": "256KiB", "http-max-json": "64KiB",
            "outbound-plain-http": "true", "outbound-allowed-ranges": "127.0.0.1/32", "webhooks-timeout": "500ms",
        ]
        settings["database-url"] = database
        return try testSettings(folder, settings)
    }

    private static func installation(_ dialect: Dialect, _ application: RunningApplication) async throws -> Installation {
        return Installation(
            dialect: dialect, parley: application.parley, base: application.base, admin: try await application.admin())
    }
}
