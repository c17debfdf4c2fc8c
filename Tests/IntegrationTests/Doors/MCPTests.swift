import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// What the official client does not show; that it works is shown by script/client-test.
    @Suite struct MCPTests {
        private struct Client {
            let caller: Caller
            var session: String?

            func send(_ body: JSONValue, _ headers: [String: String] = [:]) async throws -> Answer {
                let own = session.map { ["Mcp-Session-Id": $0] } ?? [:]
                return try await caller.send(.post, "/mcp", json: body, headers.merging(own) { sent, _ in sent })
            }

            func call(_ method: String, _ params: JSONValue = [:], id: JSONValue = 1, _ headers: [String: String] = [:]) async throws
                -> Answer
            {
                try await send(["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params], headers)
            }

            /// A session of this revision.
            static func begun(_ caller: Caller, _ version: String = "2025-11-25") async throws -> Client {
                var client = Client(caller: caller)
                let answer = try await client.call("initialize", ["protocolVersion": .string(version), "capabilities": [:]])
                #expect(answer.json["result"]?["protocolVersion"]?.string == version, "\(answer.text)")
                client.session = answer.header("Mcp-Session-Id")
                #expect(try await client.send(["jsonrpc": "2.0", "method": "notifications/initialized"]).status == 202)
                return client
            }
        }

        private func handbook(_ dialect: Dialect) async throws -> ProjectFolder {
            let project = try await Installation.on(dialect).person().project("Handbook")
            try await project.add()
            return project
        }

        @Test(arguments: TestDatabases.all)
        func aSessionIsItsPersonsAndEnds(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let client = try await Client.begun(project.caller)
            #expect(try await client.call("ping").json["result"] == [:])
            let without = try await Client(caller: project.caller).call("tools/list")
            #expect(without.status == 400 && without.json["error"]?["code"]?.int == -32600)
            let stranger = Client(caller: try await Installation.on(dialect).person().caller, session: client.session)
            let stolen = try await stranger.call("tools/list")
            #expect(stolen.status == 404 && stolen.json["error"]?["data"]?["code"]?.string == "mcp.session_not_found")
            let unknown = try await client.call("tools/sing")
            #expect(unknown.status == 200 && unknown.json["error"]?["code"]?.int == -32601)
            let headers = ["Mcp-Session-Id": client.session ?? ""]
            #expect(try await project.caller.send(.get, "/mcp").status == 404, "a stream belongs to a session")
            #expect(try await project.caller.send(.delete, "/mcp", headers).status == 204)
            #expect(try await client.call("ping").status == 404)
        }

        @Test(arguments: TestDatabases.all)
        func aSessionHearsOfDocumentsThatItsPersonMayRead(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let other = try await handbook(dialect)
            let client = try await Client.begun(project.caller)
            let document = try await project.add("# Plans\n\nThe cellar is painted in May.", name: "plans.md")["id"]?.string ?? ""
            let address = "parley://projects/\(project.id)/documents/\(document)"
            #expect(try await client.call("resources/subscribe", ["uri": .string(address)]).json["result"] == [:])
            let foreign = "parley://projects/\(other.id)/documents/\(document)"
            #expect(try await client.call("resources/subscribe", ["uri": .string(foreign)]).json["error"]?["code"]?.int == -32002)
            let headers = ["Mcp-Session-Id": client.session ?? ""]
            let told = try await project.caller.follow("/mcp", after: "0-0", headers: headers) { event in
                event.data["method"]?.string != "notifications/resources/updated"
            }
            #expect(told.last?.data["params"]?["uri"]?.string == address)
            let lists = told.filter { $0.data["method"]?.string == "notifications/resources/list_changed" }
            #expect(lists.count == 2, "the other person's document is not told of")

            // Taken up again after the last event, a stream tells nothing twice.
            _ = try await project.caller.send(.delete, project.documents + "/" + document)
            let more = try await project.caller.follow("/mcp", after: told.last?.id, headers: headers) { event in
                event.data["method"]?.string != "notifications/resources/updated"
            }
            #expect(more.map { $0.data["method"]?.string } == ["notifications/resources/list_changed", "notifications/resources/updated"])
            #expect(try await client.call("resources/unsubscribe", ["uri": .string(address)]).json["result"] == [:])
        }

        @Test(arguments: TestDatabases.all)
        func aStreamEndsWithTheKeyThatOpenedIt(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let made = try await project.caller.send(.post, "/v1/me/keys", json: ["name": "Listener"])
            let program = Caller(base: project.caller.base, token: try #require(made.json["secret"]?.string))
            let client = try await Client.begun(program)
            let (opened, open) = AsyncStream<Void>.makeStream()
            async let told = program.follow("/mcp", after: "0-0", headers: ["Mcp-Session-Id": client.session ?? ""]) { _ in
                open.yield()
                return true
            }
            for await _ in opened { break }
            #expect(try await project.caller.send(.delete, "/v1/me/keys/\(made.json["key"]?["id"]?.string ?? "")").status == 204)
            #expect(try await told.count == 1, "it ends by itself")
        }

        @Test(arguments: TestDatabases.all)
        func errorsAtTheDoorAreJSONRPC(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let open = try await Client(caller: Caller(base: project.caller.base)).call("initialize")
            #expect(open.status == 401 && open.json["jsonrpc"]?.string == "2.0" && open.header("WWW-Authenticate") != nil)
            let broken = try await project.caller.send(
                .post, "/mcp", bytes: Array("{".utf8), ["Content-Type": "application/json"])
            #expect(broken.status == 400 && broken.json["error"]?["code"]?.int == -32700)
            let foreign = try await Client(caller: project.caller).call("ping", [:], ["Origin": "https://evil.example"])
            #expect(foreign.status == 403)
            let future = try await Client(caller: project.caller).call("tools/list", [:], ["MCP-Protocol-Version": "2031-01-01"])
            #expect(future.status == 400)
        }

        @Test(arguments: TestDatabases.all)
        func theNewestRevisionChecksItsHeaders(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let client = Client(caller: project.caller)
            let meta: JSONValue = [
                "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
            ]
            let headers = ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"]
            let listed = try await client.call("tools/list", ["_meta": meta], headers)
            #expect(listed.json["result"]?["resultType"]?.string == "complete" && listed.json["result"]?["ttlMs"]?.int ?? 0 > 0)
            #expect(listed.json["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"]?.string == "parley")
            let bare = try await client.call("tools/list", [:], headers)
            #expect(bare.status == 400 && bare.json["error"]?["code"]?.int == -32602)
            let other = try await client.call("resources/list", ["_meta": meta], headers)
            #expect(other.status == 400 && other.json["error"]?["code"]?.int == -32020)
            let unnamed = try await client.call(
                "tools/call", ["_meta": meta, "name": "search"], ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call"])
            #expect(unnamed.json["error"]?["code"]?.int == -32020)
            let old = try await client.call("ping", ["_meta": meta], ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "ping"])
            #expect(old.status == 404 && old.json["error"]?["code"]?.int == -32601)
            let future: JSONValue = [
                "io.modelcontextprotocol/protocolVersion": "2031-01-01", "io.modelcontextprotocol/clientCapabilities": [:],
            ]
            let unknown = try await client.call(
                "tools/list", ["_meta": future], ["MCP-Protocol-Version": "2031-01-01", "Mcp-Method": "tools/list"])
            #expect(unknown.json["error"]?["code"]?.int == -32022)
            #expect(unknown.json["error"]?["data"]?["supported"]?.array?.contains("2025-11-25") == true)
        }

        @Test(arguments: TestDatabases.all)
        func severalMessagesAtOnceInTheRevisionThatHasThem(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let ask: JSONValue = ["name": "ask", "arguments": ["question": "When is the office open?"]]
            let batch: JSONValue = [
                ["jsonrpc": "2.0", "id": "a", "method": "ping"], ["jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": ask],
                ["jsonrpc": "2.0", "method": "notifications/progress"],
            ]
            let answer = try await Client.begun(project.caller, "2025-03-26").send(batch)
            let replies = answer.json.array ?? []
            #expect(replies.map { $0["id"] } == ["a", 7], "\(answer.text)")
            let told = replies.last?["result"]?["structuredContent"]
            #expect(told?["answer"]?.string?.contains("nine to five") == true)
            #expect(told?["answer"]?.string?.contains("purple giraffe. [not found in the documents]") == true, "never silently as fact")
            #expect(told?["sentences"]?.array?.map { $0["verdict"]?.string } == ["supported", "not_found"])
            #expect(told?["sentences"]?.array?.last?["text"]?.string == "Nobody has ever seen a purple giraffe.")
            #expect(told?["citations"]?.array?.first?["verdict"]?.string == "supported" && told?["refused"]?.bool == false)
            #expect(told?["way"] == "written" && told?["stance"] == "answered" && told?["head"] == .null)
            #expect(try await Client.begun(project.caller).send(batch).status == 400)
        }

        @Test(arguments: TestDatabases.all)
        func aCallCanBeCancelled(_ dialect: Dialect) async throws {
            let project = try await handbook(dialect)
            let client = try await Client.begun(project.caller)
            let ask: JSONValue = ["name": "ask", "arguments": ["question": "Tell me [slowly]"], "_meta": ["progressToken": "p"]]
            let call: JSONValue = ["jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": ask]
            let cancel: JSONValue = ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 9]]
            let session = ["Mcp-Session-Id": client.session ?? ""]
            let answer = try await project.caller.send(.post, "/mcp", json: call, session) {
                let cancelled = try await client.send(cancel)
                #expect(cancelled.status == 202)
            }
            #expect(answer.header("Content-Type") == "text/event-stream")
            let messages = try answer.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map {
                try JSONValue(parsing: $0.dropFirst(6).utf8)
            }
            #expect(messages.first?["method"]?.string == "notifications/progress" && messages.first?["params"]?["progressToken"] == "p")
            #expect(messages.last?["id"]?.int == 9 && messages.last?["result"] != nil)
        }

        @Test(arguments: TestDatabases.all)
        func resourcesComeInPages(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let (first, second) = (try await person.project("First"), try await person.project("Second"))
            try await first.add("# One\n\nThe first document of the first project.", name: "one.md")
            try await second.add("# Two\n\nThe first document of the second project.", name: "two.md")
            let client = try await Client.begun(person.caller)
            let all = try await client.call("resources/list").json["result"]?["resources"]?.array ?? []
            #expect(all.map { $0["name"] } == ["one.md", "two.md"])
            let rest = try await client.call("resources/list", ["cursor": all[0]["uri"] ?? .null]).json["result"]
            #expect(rest?["resources"]?.array?.map { $0["name"] } == ["two.md"] && rest?["nextCursor"] == nil)
            let stranger = try await Client.begun(Installation.on(dialect).person().caller)
            let refused = try await stranger.call("resources/read", ["uri": all[0]["uri"] ?? .null])
            #expect(refused.json["error"]?["code"]?.int == -32002)
        }
    }
}
