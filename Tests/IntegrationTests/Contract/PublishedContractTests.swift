import Foundation
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// The published OpenAPI document, docs/api/openapi.json, against the one that the server makes.
    @Suite struct PublishedContractTests {
        private static let file = "docs/api/openapi.json"

        private func served() async throws -> (bytes: [UInt8], json: JSONValue) {
            let answer = try await Caller(base: try Installation.on(.sqlite).base).send(.get, "/openapi.json")
            return (answer.bytes, answer.json)
        }

        @Test func nothingBreaksWhoBuiltOnThePublishedDocument() async throws {
            let served = try await served()
            if ProcessInfo.processInfo.environment["RENEW_CONTRACT"] != nil {
                let data = try JSONSerialization.data(
                    withJSONObject: JSONSerialization.jsonObject(with: Data(served.bytes)),
                    options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
                try (data + [0x0A]).write(to: InstalledFiles.repository.appending(path: Self.file))
            }
            let published = try JSONValue(parsing: try InstalledFiles.text(Self.file).utf8)
            let breaks = OpenAPIComparison(old: published, new: served.json).breaks()
            #expect(
                breaks.isEmpty,
                """
                This breaks clients: \(breaks.joined(separator: "; ")).
                Make it work beside the old way, or give it a dated version (docs/api/conventions.md). Only when nothing of it was ever \
                released: RENEW_CONTRACT=1 ./test PublishedContractTests, and commit \(Self.file).
                """)
        }

        @Test func everyKindOfBreakIsSeen() async throws {
            let document = try await served().json
            #expect(OpenAPIComparison(old: document, new: document).breaks().isEmpty)
            let thread = "/v1/projects/{project}/threads"
            let breaks: [(String, JSONValue)] = [
                ("is gone", document.changing(["paths", thread, "post"], to: nil)),
                ("operationId", document.changing(["paths", thread, "get", "operationId"], to: "threads.all")),
                ("x-parley-access", document.changing(["paths", thread, "get", "x-parley-access"], to: "project: project:manage")),
                ("the parameter cursor is gone", document.changing(["paths", thread, "get", "parameters"], to: [])),
                ("the status 201 is gone", document.changing(["paths", thread, "post", "responses", "201"], to: nil)),
                ("the answer.title is gone", document.changing(["components", "schemas", "Thread", "properties", "title"], to: nil)),
                (
                    "the answer.name was string",
                    document.changing(["components", "schemas", "Project", "properties", "name", "type"], to: "integer")
                ),
                ("the body.role is required now", document.changing(["components", "schemas", "NewUser", "required"], to: ["role"])),
                ("does not take", document.changing(["components", "schemas", "Membership", "properties", "role", "enum"], to: ["owner"])),
                (
                    "a lower maxLength",
                    document.changing(["components", "schemas", "NewProject", "properties", "name", "maxLength"], to: 20)
                ),
                (
                    "a body of application/x-ndjson",
                    document.changing(["paths", "/v1/projects/bulk", "post", "requestBody", "content", "application/x-ndjson"], to: nil)
                ),
            ]
            for (words, changed) in breaks {
                #expect(changed != document, "\(words): nothing was changed")
                let found = OpenAPIComparison(old: document, new: changed).breaks()
                #expect(found.contains { $0.contains(words) }, "\(words): \(found.prefix(3))")
            }
            let more = document.changing(["components", "schemas", "Project", "properties", "color"], to: ["type": "string"])
                .changing(["paths", "/v1/new"], to: ["get": ["operationId": "new"]])
            #expect(OpenAPIComparison(old: document, new: more).breaks().isEmpty, "what is added breaks nobody")
        }
    }
}

extension JSONValue {
    /// The same value with another one at a place.
    fileprivate func changing(_ path: ArraySlice<String>, to value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self, let name = path.first else { return self }
        members[name] = path.count == 1 ? value : members[name]?.changing(path.dropFirst(), to: value)
        return .object(members)
    }

    fileprivate func changing(_ path: [String], to value: JSONValue?) -> JSONValue { changing(path[...], to: value) }
}
