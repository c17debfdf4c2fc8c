import Accounts
import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyApp

/// What real models write, as the API and the OpenAI door give it out. Each case is a model of its own, so that nothing learnt of one
/// helps another.
@Suite struct RealModelTests {
    private static let six = "The harbour opens at six."
    private static let table =
        "In hall one:\n\n| part | stock |\n|----------|----------|\n| bolt | 5 |\n\nIn hall two:\n\n| part | stock |\n|----------|----------|\n| nut | 7 |\n\n"
        + six
    private static let code =
        "```py\nif a:\n    return response.json()['items']\nif b:\n    return response.json()['items']\nraise ValueError(b)\n```\n\n" + six
    private static let brackets = "```py\nfirst = sys.argv[1]\nprint(arr[0], arr[12])\n```\n\nISO 9001 [2015] applies. "

    /// What the model writes, and what the answer is: nil where the documents are quoted.
    private static let cases: [(name: String, reply: ScriptedService.Reply, answer: String?)] = [
        ("think", .text("<th", "ink>\nIt opens at ten maybe.\n</think>\n\nThe harbour ", "opens at six."), six),
        ("closing", .text("It opens at ten maybe.\n", "</think>\n\n", six), six),
        ("unclosed", .text("<think>It opens at six maybe."), nil),
        ("harmony", .text("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>", six), six),
        (
            "field",
            .bytes(
                #"data: {"choices":[{"delta":{"reasoning":"hm"}}]}"# + "\n\n"
                    + #"data: {"choices":[{"delta":{"content":"The harbour opens at six."},"finish_reason":"stop"}]}"# + "\n\n"), six
        ),
        ("table", .text(table), table), ("code", .text(code), code),
        ("brackets", .text(brackets + "The harbour opens at six [1]."), brackets + six),
        ("cites", .text("The harbour opens at six[1][1]. [1]"), six),
        ("empty", .text(""), nil), ("cut", .text("", finish: "length"), nil),
        (
            "tool",
            .bytes(
                #"data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"x"}}]},"finish_reason":"tool_calls"}]}"# + "\n\n"
            ), nil
        ),
        (
            "late",
            .bytes(
                #"data: {"choices":[{"delta":{"content":"The harbour opens at six."},"finish_reason":"stop"}]}"# + "\n\n", staysOpen: true),
            six
        ),
        (
            "parts",
            .bytes(
                #"data: {"choices":[{"delta":{"content":[{"type":"text","text":"The harbour opens at six."}]},"finish_reason":"stop"}]}"#
                    + "\n\n"), six
        ),
    ]

    private func withProject(
        _ names: [String], _ reply: @escaping @Sendable (ScriptedService.Call, Int) -> ScriptedService.Reply,
        _ body: (ProjectFolder, ScriptedService) async throws -> Void
    ) async throws {
        let service = try await ScriptedService(reply)
        let folder = try TemporaryFolder()
        let list = JSONValue.array(
            names.map { ["name": .string($0), "dialect": "openai", "url": .string("\(service.base)/\($0)"), "context_window": 8000] })
        try Data(list.text.utf8).write(to: URL(filePath: folder.path + "/models.json"))
        let application = try await RunningApplication(
            testSettings(
                folder,
                [
                    "answer-quotes-only": "false", "model-list": folder.path + "/models.json", "model-order": names[0],
                    "remote-attempts": "1",
                ]))
        let project = try await application.admin().project()
        try await project.add("# Harbour\n\nThe harbour opens at six. It closes at ten.", name: "harbour.md")
        try await body(project, service)
        try await application.stop()
        await service.stop()
    }

    private func ask(
        _ model: String?, _ project: ProjectFolder, _ question: String = "When does the harbour open?", in thread: String? = nil
    ) async throws
        -> (path: String, message: JSONValue)
    {
        var body: [String: JSONValue] = ["content": .string(question)]
        if let model { body["model"] = .string(model) }
        let place = if let thread { thread } else { try await project.thread() }
        let asked = try await project.caller.send(.post, place + "/messages", json: .object(body))
        let path = try #require(asked.header("Location"), "\(asked.text)")
        _ = try await project.caller.follow(path + "/events")
        return (path, try await project.caller.send(.get, path).json)
    }

    @Test func theAnswerIsWhatTheModelSays() async throws {
        try await withProject(Self.cases.map(\.name)) { call, _ in
            Self.cases.first { call.path.hasPrefix("/\($0.name)/") }?.reply ?? .text("?")
        } _: { project, service in
            for (name, _, expected) in Self.cases {
                let (path, message) = try await ask(name, project)
                #expect(message["state"] == "complete" && message["cut_short"] == false, "\(name): \(message.text)")
                if let expected {
                    #expect(message["content"]?.string == expected && message["way"] == "written", "\(name): \(message.text)")
                } else {
                    #expect(
                        message["way"] == "quoted" && message["content"]?.string?.contains(Self.six) == true, "\(name): \(message.text)")
                    #expect(message["degraded"]?.array?.first?["component"] == "citations")
                }
                if ["think", "closing", "harmony", "field", "unclosed"].contains(name) {
                    let trace = try await project.caller.send(.get, path + "/trace").json
                    #expect(trace["reasoning"]?.string?.isEmpty == false, "\(name): it can be looked at")
                    #expect(expected == nil || message["grounding"]?["sentences"]?.array?.count == 1, "\(name): it is not checked")
                }
                try await expectDoor(name, expected, project)
            }
        }
    }

    /// The same through OpenAI's protocol, streamed and whole.
    private func expectDoor(_ name: String, _ expected: String?, _ project: ProjectFolder) async throws {
        for isStream in [false, true] {
            let body: JSONValue = [
                "model": .string("\(project.id):\(name)"), "messages": [["role": "user", "content": "When does the harbour open?"]],
                "stream": .bool(isStream),
            ]
            let answer = try await project.caller.send(.post, "/openai/v1/chat/completions", json: body)
            var (content, finish) = ("", "")
            if isStream {
                let chunks = try answer.text.split(separator: "\n").filter { $0.hasPrefix("data: {") }.map {
                    try JSONValue(parsing: $0.dropFirst(6).utf8)
                }
                let choices = chunks.compactMap { $0["choices"]?.array?.first }
                content = choices.compactMap { $0["delta"]?["content"]?.string }.joined()
                finish = choices.compactMap { $0["finish_reason"]?.string }.last ?? ""
            } else {
                let choice = answer.json["choices"]?.array?.first
                (content, finish) = (choice?["message"]?["content"]?.string ?? "", choice?["finish_reason"]?.string ?? "")
            }
            let bare = content.replacing(#/ \[(not found|only partly) in the documents\]/#, with: "")
            #expect(finish == "stop", "\(name): \(answer.text)")
            if let expected {
                #expect(bare == expected, "\(name): \(content)")
            } else {
                #expect(content.contains(Self.six), "\(name): \(content)")
            }
            if name == "code" { #expect(!content.prefix { $0 != "T" }.contains("documents]"), "no marks in code: \(content)") }
        }
    }

    @Test func whyAModelWasNotAskedIsTold() async throws {
        let refusals: [(String, Int, String, String)] = [
            ("key", 401, "{}", "model.key_refused"), ("quota", 429, #"{"error":{"code":"insufficient_quota"}}"#, "model.quota_used_up"),
            ("rate", 429, "{}", "model.rate_limited"), ("gone", 404, "{}", "model.not_found"), ("load", 503, "{}", "model.overloaded"),
            ("fault", 500, "{}", "model.failed"), ("odd", 400, #"{"error":"Unknown parameter: 'zzz'"}"#, "model.parameter_refused"),
            ("small", 400, #"{"error":"maximum context length is 10 tokens"}"#, "model.context_exceeded"),
            ("no", 400, "{}", "model.rejected"),
        ]
        try await withProject(refusals.map(\.0)) { call, _ in
            let refusal = refusals.first { call.path.hasPrefix("/\($0.0)/") }
            return .refusal(refusal?.1 ?? 500, refusal?.2 ?? "", retryAfter: 30)
        } _: { project, service in
            for (name, _, _, code) in refusals {
                let settings = try await project.caller.send(
                    .patch, project.path + "/settings", json: ["model": .string(name)], ["If-Match": "*"])
                #expect(settings.status == 200)
                let message = try await ask(nil, project).message
                #expect(message["way"] == "quoted" && message["state"] == "complete" && message["model"] == .null, "\(message.text)")
                let notes = message["degraded"]?.array ?? []
                #expect(notes.first?["code"]?.string == code && notes.first?["component"] == "model", "\(name): \(notes)")
                #expect(notes.last?["message"]?.string?.hasSuffix("The documents are quoted instead.") == true)
            }
            #expect(service.calls("/small/chat/completions").count == 2, "once more with half of the prompt")
        }
    }

    @Test func aModelIsCheckedByAShortQuestion() async throws {
        try await withProject(["thinker", "locked"]) { call, _ in
            call.path.hasPrefix("/thinker") ? .text("<think>hm</think>", "It is ", "blue.") : .refusal(401, "{}")
        } _: { project, service in
            func check(_ body: JSONValue) async throws -> JSONValue {
                try await project.caller.send(.post, "/v1/models/check", json: body).json
            }
            let found = try await check([:])
            #expect(found["model"] == "thinker" && found["error"] == .null && found["context_window"] == 8000, "\(found.text)")
            #expect(found["streams"] == true && found["thinks"] == true && (found["first_words_ms"]?.double ?? 0) > 0)
            let locked = try await check(["model": "locked"])
            #expect(locked["error"]?["code"] == "model.key_refused" && locked["first_words_ms"] == .null, "\(locked.text)")
            #expect(try await check(["model": "nobody"])["code"] == "input.invalid")
        }
    }

    @Test func afterAFailedTurnTheTurnsStillAlternate() async throws {
        try await withProject(["strict"]) { call, before in
            let turns = call.roles.filter { $0 != "system" }
            let alternate = turns.enumerated().allSatisfy { $1 == ($0.isMultiple(of: 2) ? "user" : "assistant") }
            if !alternate { return .refusal(400, #"{"error":"Conversation roles must alternate user/assistant"}"#) }
            return before == 0
                ? .bytes(#"data: {"choices":[{"delta":{"content":"The harbour opens at six. And"}}]}"# + "\n\n")
                : .text("<think>hm</think>", Self.six)
        } _: { project, service in
            let thread = try await project.thread()
            #expect(try await ask(nil, project, in: thread).message["state"] == "failed", "it broke off")
            #expect(
                try await ask(nil, project, "When does the harbour open on Sundays?", in: thread).message["content"]?.string == Self.six)
            #expect(
                try await ask(nil, project, "When does the harbour open on Mondays?", in: thread).message["content"]?.string == Self.six)
            #expect(service.calls().last?.roles == ["system", "user", "assistant", "user"])
            #expect(service.calls().allSatisfy { !$0.body.text.contains("<think>") }, "thinking does not come back to the model")
        }
    }
}
