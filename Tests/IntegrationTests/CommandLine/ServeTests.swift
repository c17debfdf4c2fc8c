import Foundation
import ParleyCore
import ParleyTesting
import Retrieval
import Testing

@testable import ParleyApp

/// The built program with the packaged models: what somebody sees who starts it for the first time.
@Suite(.enabled(if: InstalledFiles.parley != nil, "the program has not been built")) struct ServeTests {
    @Test func fromTheFirstLoginToAnAnswer() async throws {
        let folder = try TemporaryFolder()
        try await doubtNothing(folder)
        let server = try ServerProcess(
            InstalledFiles.parley,
            [
                "serve", "--http-port", "0", "--data-path", folder.path + "/data", "--log-level", "critical", "--answer-max-tokens", "16",
                "--model-warm", "true",
                "--answer-prompt-tokens", "400", "--embedding-model", try InstalledFiles.path("models/all-MiniLM-L6-v2"),
                "--inference-runtime", try InstalledFiles.path("runtime/openvino"),
                "--model-folder", try InstalledFiles.path("models/SmolLM2-135M-Instruct"),
            ])
        let caller = try await server.firstLogin()
        let made = try await caller.send(.post, "/v1/projects", json: ["name": "Handbook"])
        let project = ProjectFolder(caller: caller, id: try #require(ProjectID(made.json["id"]?.string ?? "")))
        try await project.add()
        try await eventually("the language model has started") {
            let found = try await caller.send(.get, "/health/ready").json["dependencies"]?.array ?? []
            return found.contains { $0["name"] == "language_model" && $0["status"] == "ok" } ? () : Optional.none
        }
        let path = try await project.ask("When is the office open?", in: project.thread())
        let events = try await caller.follow(path + "/events")
        #expect(events.last?.kind == "done")
        let message = try await caller.send(.get, path).json
        let failing = Set((message["degraded"]?.array ?? []).compactMap { $0["component"]?.string })
        #expect(message["model"]?.string == "SmolLM2-135M-Instruct" && failing.isDisjoint(with: ["model", "embedding"]), "\(failing)")
        #expect(message["content"]?.string?.isEmpty == false && (message["usage"]?["prompt_tokens"]?.int ?? 0) > 50)
        #expect(message["grounding"]?["stance"] == "answered")
        #expect(await server.stop() == 0, "a polite signal ends it in order")
    }

    /// Leaves a calibration by which every answer is sure, so that the small model is asked.
    private func doubtNothing(_ folder: TemporaryFolder) async throws {
        let application = try await RunningApplication(testSettings(folder))
        let calibration = AnswerCalibration(weights: [0, 0, 0, 0], threshold: 0, doubt: 0, questions: 2)
        try await application.parley.calibrate(calibration)
        try await application.stop()
    }
}
