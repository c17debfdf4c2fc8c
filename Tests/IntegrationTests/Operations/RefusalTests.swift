import AsyncHTTPClient
import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// What the server says to requests that it cannot serve: problem documents, always.
    @Suite struct RefusalTests {
        private func expectProblem(_ answer: Answer, _ status: Int, _ code: String? = nil) {
            #expect(answer.status == status && answer.problem != nil, "\(answer.status) \(answer.text)")
            if let code { #expect(answer.problem == code) }
            for member in ["type", "title", "detail", "code", "instance", "request_id"] {
                #expect(answer.json[member]?.string?.isEmpty == false, "\(member) is missing")
            }
            #expect(answer.json["status"]?.int == Int64(status))
            #expect(answer.header("X-Request-ID") == answer.json["request_id"]?.string)
        }

        @Test func whatIsNotThereAndWhatIsNotDone() async throws {
            let caller = try Installation.on(.sqlite).admin.caller
            expectProblem(try await caller.send(.get, "/v1/nothing"), 404, "not_found")
            expectProblem(try await caller.send(.get, "/nothing.html"), 404)
            expectProblem(try await caller.send(.get, "/v1/projects/not-an-id"), 404, "project.not_found")
            let method = try await caller.send(.delete, "/v1/projects")
            expectProblem(method, 405)
            #expect(method.header("Allow") == "GET, HEAD, OPTIONS, POST")
        }

        @Test func bodiesThatCannotBeTaken() async throws {
            let caller = try Installation.on(.sqlite).admin.caller
            expectProblem(try await caller.send(.post, "/v1/projects", bytes: Array("{".utf8), ["Content-Type": "application/json"]), 400)
            expectProblem(try await caller.send(.post, "/v1/projects", bytes: Array("name".utf8), ["Content-Type": "text/plain"]), 415)
            let long = String(repeating: "x", count: 70_000)
            expectProblem(try await caller.send(.post, "/v1/projects", json: ["name": "a", "description": .string(long)]), 413)
            expectProblem(try await caller.send(.post, "/v1/projects", json: ["name": "", "owner": "me"]), 422, "input.invalid")
        }

        @Test func foreignPagesAndForeignNamesAreRefused() async throws {
            let installation = try Installation.on(.sqlite)
            let caller = installation.admin.caller
            let foreign = try await caller.send(.post, "/v1/projects", json: ["name": "a"], ["Origin": "https://evil.example"])
            expectProblem(foreign, 403, "request.wrong_origin")
            expectProblem(try await caller.send(.get, "/v1/projects", ["Host": "evil.example"]), 400, "request.wrong_host")
        }

        @Test func everyAnswerSaysHowItMayBeUsed() async throws {
            let caller = try Installation.on(.sqlite).admin.caller
            for path in ["/", "/v1/me", "/v1/nothing", "/docs", "/health/live"] {
                let answer = try await caller.send(.get, path)
                #expect(answer.header("X-Content-Type-Options") == "nosniff", "\(path)")
                #expect(answer.header("Content-Security-Policy")?.contains("default-src 'self'") == true, "\(path)")
                #expect(answer.header("Cache-Control") != nil, "\(path)")
            }
        }
    }
}
