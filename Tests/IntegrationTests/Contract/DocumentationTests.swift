import Foundation
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// The OpenAPI document tells everything, and what it tells is true: its examples are sent to a real server.
    @Suite struct DocumentationTests {
        private func document() async throws -> JSONValue {
            try await Caller(base: try Installation.on(.sqlite).base).send(.get, "/openapi.json").json
        }

        private func operations(_ document: JSONValue) -> [(name: String, operation: JSONValue)] {
            (document["paths"]?.object ?? [:]).flatMap { path, item in
                (item.object ?? [:]).map { ("\($0.uppercased()) \(path)", whole($1, in: document)) }
            }
        }

        /// The operation with what its parameters and answers refer to.
        private func whole(_ operation: JSONValue, in document: JSONValue) -> JSONValue {
            guard case .object(var members) = operation else { return operation }
            members["parameters"] = .array((operation["parameters"]?.array ?? []).map { $0.resolved(in: document) })
            members["responses"] = .object((operation["responses"]?.object ?? [:]).mapValues { $0.resolved(in: document) })
            return .object(members)
        }

        @Test func everyOperationIsToldInFull() async throws {
            let document = try await document()
            let tags = (document["tags"]?.array ?? []).compactMap { $0["name"]?.string }
            var inOrder: [String] = []
            for endpoint in try Installation.on(.sqlite).parley.endpoints where !inOrder.contains(endpoint.tag.name) {
                inOrder.append(endpoint.tag.name)
            }
            #expect(tags == inOrder)
            #expect((document["tags"]?.array ?? []).allSatisfy { $0["description"]?.string?.isEmpty == false })
            for (name, scheme) in document["components"]?["securitySchemes"]?.object ?? [:] {
                #expect(scheme["description"]?.string?.isEmpty == false, "\(name)")
            }
            for (name, operation) in operations(document) {
                #expect(operation["summary"]?.string?.isEmpty == false && operation["security"]?.array != nil, "\(name)")
                #expect(operation["tags"]?.array?.contains { tags.contains($0.string ?? "") } == true, "\(name)")
                for parameter in operation["parameters"]?.array ?? [] {
                    let isFree = parameter["in"] == "header" || ["cursor", "filter"].contains(parameter["name"]?.string ?? "")
                    #expect(parameter["example"] != nil || isFree, "\(name): \(parameter["name"]?.text ?? "")")
                }
                for content in bodies(operation) where content.type == "application/json" && content.value["schema"] != [:] {
                    #expect(content.value["example"] != nil, "\(name): \(content.place) has no example")
                }
                for (status, response) in operation["responses"]?.object ?? [:] where status >= "400" {
                    #expect(response["description"]?.string?.contains(":") == true, "\(name): \(status) names no code")
                }
            }
        }

        @Test func everyExampleIsAsItsSchemaSays() async throws {
            let document = try await document()
            let validator = SchemaValidator(document: document)
            var count = 0
            func hold(_ example: JSONValue?, _ schema: JSONValue?, _ place: String) {
                guard let example, let schema else { return }
                count += 1
                let found = validator.complaints(example, schema)
                #expect(found.isEmpty, "\(place): \(found.prefix(5).joined(separator: "; "))")
            }
            for (name, schema) in document["components"]?["schemas"]?.object ?? [:] {
                for example in schema["examples"]?.array ?? [] { hold(example, schema, name) }
            }
            for (name, operation) in operations(document) {
                for parameter in operation["parameters"]?.array ?? [] {
                    hold(parameter["example"], parameter["schema"], "\(name) \(parameter["name"]?.text ?? "")")
                }
                for content in bodies(operation) { hold(content.value["example"], content.value["schema"], "\(name) \(content.place)") }
            }
            #expect(count > 200)
        }

        /// With the ids that are there, the server takes every example: whatever it may object to, the form is right.
        @Test func everyExampleOfABodyIsTaken() async throws {
            let installation = try Installation.on(.sqlite)
            let book = try await RuleBook(installation)
            let document = try await document()
            var sent = 0
            // Those of foreign protocols too, but for what has no form of its own.
            for endpoint in installation.parley.endpoints where endpoint.input != nil {
                if case .any? = endpoint.input { continue }
                guard let path = book.path(endpoint) else { continue }
                let operation = document["paths"]?[endpoint.path]?[endpoint.method.rawValue.lowercased()]
                for content in bodies(operation ?? .null) where content.place == "body" {
                    let example = try #require(content.value["example"], "\(endpoint.id)")
                    let lines = example.array?.map(\.text).joined(separator: "\n")
                    let text = book.realIdentifiers(lines ?? example.text)
                    let query = endpoint.query.filter(\.isRequired).map { "\($0.name)=1" }.joined(separator: "&")
                    var headers = ["Content-Type": content.type]
                    if endpoint.requiresPrecondition { headers["If-Match"] = "*" }
                    let answer = try await book.caller.send(
                        HTTPMethod(rawValue: endpoint.method.rawValue), path + (query.isEmpty ? "" : "?" + query), bytes: Array(text.utf8),
                        headers)
                    sent += 1
                    #expect(![400, 415, 422].contains(answer.status) && answer.status < 500, "\(endpoint.id) \(text): \(answer.text)")
                }
            }
            #expect(sent >= 30)
        }

        /// Every read of the product, as it answers for real.
        @Test func everyAnswerIsAsItsSchemaSays() async throws {
            let book = try await RuleBook(Installation.on(.sqlite))
            let document = try await document()
            let validator = SchemaValidator(document: document)
            for (endpoint, path) in book.reads {
                let answer = try await book.caller.send(.get, path)
                let content = document["paths"]?[endpoint.path]?["get"]?["responses"]?["\(answer.status)"]?["content"]
                let schema = try #require(content?["application/json"]?["schema"], "\(endpoint.id): \(answer.status)")
                let found = validator.complaints(answer.json, schema)
                #expect(found.isEmpty, "\(endpoint.id): \(found.prefix(5).joined(separator: "; "))")
            }
        }

        /// Links lead where they say: what was made is found at the address that the link makes of it.
        @Test func everyLinkLeadsSomewhere() async throws {
            let document = try await document()
            let known = Set(operations(document).compactMap { $0.operation["operationId"]?.string })
            var count = 0
            for (name, operation) in operations(document) {
                for (status, response) in operation["responses"]?.object ?? [:] {
                    for (target, link) in response["links"]?.object ?? [:] {
                        count += 1
                        #expect(known.contains(target), "\(name) \(status)")
                        let there = operations(document).first { $0.operation["operationId"]?.string == target }
                        let names = (there?.operation["parameters"]?.array ?? []).compactMap { $0["name"]?.string }
                        let filled = Set((link["parameters"]?.object ?? [:]).keys)
                        #expect(filled.isSubset(of: names), "\(name) to \(target)")
                    }
                }
            }
            #expect(count > 50)
            let made = document["paths"]?["/v1/projects"]?["post"]?["responses"]?["201"]?["links"]
            #expect(made?["threads.create"]?["parameters"]?["project"] == "$response.body#/id")
            let read = document["paths"]?["/v1/projects/{project}/settings"]?["get"]?["responses"]?["200"]?["links"]
            #expect(read?.object?.values.contains { $0["parameters"]?["If-Match"] == "$response.header.ETag" } == true)
        }

        /// Everything that is named by an identifier says which kind it is.
        @Test func everyPathParameterHasItsKind() async throws {
            for (name, operation) in operations(try await document()) where name.contains(" /v1/") {
                for parameter in operation["parameters"]?.array ?? [] where parameter["in"] == "path" {
                    #expect(parameter["schema"]?["pattern"] != nil, "\(name): \(parameter["name"]?.text ?? "")")
                }
            }
        }

        /// What is sent and what is answered, by media type.
        private func bodies(_ operation: JSONValue) -> [(place: String, type: String, value: JSONValue)] {
            var found: [(String, String, JSONValue)] = []
            for (type, value) in operation["requestBody"]?["content"]?.object ?? [:] { found.append(("body", type, value)) }
            for (status, response) in operation["responses"]?.object ?? [:] where status < "400" {
                for (type, value) in response["content"]?.object ?? [:] { found.append((status, type, value)) }
            }
            return found
        }
    }
}
