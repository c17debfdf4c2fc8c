import Accounts
import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyApp

/// A request counts as what it contains.
@Suite(.serialized) struct CountedRequestTests {
    private static let limits = ["rate-ordinary": "60", "rate-question": "60"]

    private func withProject(_ limits: [String: String] = limits, _ body: (ProjectFolder) async throws -> Void) async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder(), limits))
        try await body(application.admin().project())
        try await application.stop()
    }

    /// What is left of the class that the answer tells of.
    private func left(_ answer: Answer, _ name: String) throws -> Int {
        let text = try #require(answer.header("RateLimit"))
        let found = try #require(text.wholeMatch(of: /"([a-z-]+)";r=(\d+);t=\d+/), "\(text)")
        #expect(found.output.1 == name)
        return try #require(Int(found.output.2))
    }

    private func expectRefused(_ answer: Answer, _ name: String) throws {
        #expect(answer.status == 429, "\(answer.text)")
        #expect(answer.header("Retry-After").flatMap { Int($0) }.map { (1...60).contains($0) } == true)
        #expect(answer.header("RateLimit-Policy") == "\"\(name)\";q=60;w=60")
        _ = try left(answer, name)
    }

    private func threads(_ count: Int) -> JSONValue {
        ["operations": .array((0..<count).map { ["op": "create", "body": ["title": .string("Thread \($0)")]] })]
    }

    @Test func aBulkRequestCountsAsItsOperations() async throws {
        try await withProject { project in
            let bulk = project.threads + "/bulk"
            let done = try await project.caller.send(.post, bulk, json: threads(40))
            #expect(done.status == 200 && done.json["succeeded"] == 40)
            #expect(try left(done, "ordinary") <= 21)
            let refused = try await project.caller.send(.post, bulk, json: threads(40))
            try expectRefused(refused, "ordinary")
            #expect(refused.problem == "rate.exceeded" && refused.json["detail"]?.string?.contains("40") == true, "\(refused.text)")
            let job = try await project.caller.send(.post, bulk, json: threads(40), ["Prefer": "respond-async"])
            try expectRefused(job, "ordinary")
            #expect(try await project.caller.send(.get, project.threads + "?total=true").json["page"]?["total"]?["count"] == 40)
        }
    }

    @Test func moreThanTheWholeAllowanceTakesAllOfIt() async throws {
        try await withProject(["rate-ordinary": "600"]) { project in
            let answer = try await eventually("the bucket is full") {
                let answer = try await project.caller.send(.post, project.threads + "/bulk", json: threads(1000))
                return answer.status == 200 ? answer : Optional.none
            }
            #expect(answer.json["succeeded"] == 1000)
            #expect(try left(answer, "ordinary") == 0)
            #expect(try await project.caller.send(.post, project.threads + "/bulk", json: threads(1000)).status == 429)
        }
    }

    @Test func questionsInBulkAreQuestions() async throws {
        try await withProject { project in
            let thread = try await project.thread()
            let operations: JSONValue = .array((0..<61).map { _ in ["op": "create", "body": ["content": "When?"]] })
            for _ in 0..<10 { _ = try await project.caller.send(.post, project.path + "/search", json: ["query": "office"]) }
            let refused = try await project.caller.send(.post, thread + "/messages/bulk", json: ["operations": operations])
            try expectRefused(refused, "question")
        }
    }

    @Test func embeddingsCountAsTheirTexts() async throws {
        try await withProject { project in
            let body: JSONValue = [
                "model": .string(project.id.description), "input": .array((0..<40).map { .string("text \($0)") }),
            ]
            let answer = try await project.caller.send(.post, "/openai/v1/embeddings", json: body)
            #expect(answer.status == 200 && answer.json["data"]?.array?.count == 40)
            #expect(try left(answer, "question") <= 22)
            let refused = try await project.caller.send(.post, "/openai/v1/embeddings", json: body)
            try expectRefused(refused, "question")
            #expect(refused.json["error"]?["code"] != nil)
        }
    }

    @Test func anMCPBatchCountsAsItsRequests() async throws {
        try await withProject { project in
            let begun = try await project.caller.send(
                .post, "/mcp",
                json: [
                    "jsonrpc": "2.0", "id": 1, "method": "initialize",
                    "params": ["protocolVersion": "2025-03-26", "capabilities": [:]],
                ])
            let session = ["Mcp-Session-Id": try #require(begun.header("Mcp-Session-Id"))]
            // Counted before it is looked at, and answered at once, so that next to no time passes between the batches.
            let calls: [JSONValue] = (0..<18).map { id in
                ["jsonrpc": "2.0", "id": .int(Int64(id)), "method": "tools/call", "params": ["name": "search", "arguments": [:]]]
            }
            let notes: [JSONValue] = (0..<2).map { _ in ["jsonrpc": "2.0", "method": "notifications/progress"] }
            for round in 1...3 {
                let answer = try await project.caller.send(.post, "/mcp", json: .array(calls + notes), session)
                #expect(answer.status == 200 && answer.json.array?.count == 18, "\(answer.text)")
                #expect(try left(answer, "question") <= 61 - 18 * round + 5)
            }
            let refused = try await project.caller.send(.post, "/mcp", json: .array(calls), session)
            try expectRefused(refused, "question")
            #expect(refused.json["error"]?["data"]?["code"] == "rate.exceeded")
        }
    }

    @Test func aRunCountsAsTheQuestionsOfItsSet() async throws {
        try await withProject { project in
            let made = try await project.caller.send(.post, project.path + "/question-sets", json: ["name": "Office"])
            let set = project.path + "/question-sets/" + (made.json["id"]?.string ?? "")
            let lines = (0..<40).map { "{\"id\": \"q\($0)\", \"question\": \"When is it open, \($0)?\"}" }.joined(separator: "\n")
            let filled = try await project.caller.send(
                .post, set + "/import", bytes: Array(lines.utf8), ["Content-Type": "application/octet-stream"])
            #expect(filled.status == 200, "\(filled.text)")
            let run = try await project.caller.send(.post, set + "/runs", json: [:])
            #expect(run.status == 202, "\(run.text)")
            #expect(try left(run, "question") <= 21)
            let refused = try await project.caller.send(.post, set + "/runs", json: [:])
            try expectRefused(refused, "question")
            #expect(try await project.caller.send(.get, set + "/runs").items.count == 1)
            let bulk = try await project.caller.send(
                .post, set + "/runs/bulk", json: ["operations": [["op": "create", "body": [:]]]])
            #expect(bulk.items.first?["error"]?["code"] == "bulk.operation_unknown", "a run is not one of many")
        }
    }
}
