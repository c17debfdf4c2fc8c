import Foundation
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// What was deleted can be seen in the list of deleted documents and restored; what stands in it cannot be read.
    @Suite struct DeletedDocumentTests {
        private func mcp(_ caller: Caller, _ method: String, _ params: [String: JSONValue]) async throws -> JSONValue {
            let name = params["name"]?.string ?? params["uri"]?.string ?? ""
            let meta: JSONValue = [
                "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
            ]
            let body: JSONValue = [
                "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(params.merging(["_meta": meta]) { own, _ in own }),
            ]
            let headers = ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Mcp-Name": name]
            return try await caller.send(.post, "/mcp", json: body, headers).json
        }

        @Test(arguments: TestDatabases.all)
        func nothingInItCanBeRead(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let document = try await project.add()
            let id = try #require(document["id"]?.string)
            let path = project.documents + "/" + id
            let revision = try #require(document["revision_id"]?.string)
            let link = try #require(try await project.caller.send(.get, path + "/link").json["url"]?.string)
            let passages = try await project.caller.send(.get, path + "/passages")
            #expect(passages.items.isEmpty == false)
            let reads = [
                path + "/content", path + "/text", path + "/text?revision=" + revision, path + "/passages", path + "/link", link,
                path + "/passages?all=true",
            ]
            for read in reads { #expect(try await project.caller.send(.get, read).status == 200, "\(read)") }
            let text = try await project.caller.send(.get, path + "/text")
            let uri = JSONValue.string("parley://projects/\(project.id)/documents/\(id)")
            let arguments: [String: JSONValue] = ["name": "read", "arguments": ["document": uri]]
            #expect(try await mcp(project.caller, "resources/read", ["uri": uri])["result"] != nil)
            #expect(try await mcp(project.caller, "tools/call", arguments)["result"]?["isError"] != true)

            #expect(try await project.caller.send(.delete, path).status == 204)
            let tags = [text.header("ETag"), try await project.caller.send(.get, path).header("ETag")].compactMap(\.self)
            #expect(tags.count == 2)
            for read in reads {
                for headers in [[:], ["Range": "bytes=0-3"]] + tags.map({ ["If-None-Match": $0] }) {
                    let refused = try await project.caller.send(.get, read, headers)
                    #expect(refused.status == 404 && refused.problem == "document.not_found", "\(read): \(refused.text)")
                }
            }
            #expect(try await project.caller.send(.post, path + "/retry").problem == "document.not_found")
            let resource = try await mcp(project.caller, "resources/read", ["uri": uri])
            #expect(resource["error"]?["code"] == -32602 && resource["result"] == nil, "\(resource.text)")
            let tool = try await mcp(project.caller, "tools/call", arguments)
            #expect(tool["result"]?["isError"] == true && !tool.text.contains("nine to five"), "\(tool.text)")
            #expect(try await project.caller.send(.get, path).json["deleted_at"] != .null, "that it was deleted is told")

            #expect(try await project.caller.send(.post, path + "/restore").status == 200)
            for read in reads { #expect(try await project.caller.send(.get, read).status == 200, "\(read)") }
        }

        @Test(arguments: TestDatabases.all)
        func aPurgedOneIsGone(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let first = try #require(try await project.add()["id"]?.string)
            let path = project.documents + "/" + first
            #expect(try await project.caller.send(.delete, path).status == 204)
            #expect(try await project.caller.send(.post, path + "/purge").status == 204)
            for (method, place) in [(HTTPMethod.get, path), (.post, path + "/restore"), (.post, path + "/purge"), (.delete, path)] {
                let refused = try await project.caller.send(method, place)
                #expect(refused.status == 404 && refused.problem == "document.not_found", "\(method) \(place): \(refused.text)")
            }
            #expect(try await project.caller.send(.get, project.documents + "?deleted=true").items.isEmpty)
            let anew = try await project.add()
            #expect(anew["id"]?.string != first && anew["state"] == "ready", "the same bytes come as a new document")
        }

        @Test(arguments: TestDatabases.all)
        func feedbackQuotesNothingOfIt(_ dialect: Dialect) async throws {
            let project = try await Installation.on(dialect).person().project()
            let id = try #require(try await project.add()["id"]?.string)
            let answer = try await project.ask("When is the office open?", in: try await project.thread())
            try await eventually("the answer is over") {
                try await project.caller.send(.get, answer).json["state"] == "complete" ? () : Optional.none
            }
            #expect(try await project.caller.send(.delete, project.documents + "/" + id).status == 204)
            let corrected: JSONValue = ["rating": "down", "passage": ["document_id": .string(id), "from": 0, "to": 20]]
            let refused = try await project.caller.send(.put, answer + "/feedback", json: corrected)
            #expect(refused.status == 404 && refused.problem == "document.not_found", "\(refused.text)")
        }
    }
}
