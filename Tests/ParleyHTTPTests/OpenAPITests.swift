import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite struct OpenAPITests {
    private let document: JSONValue

    init() throws { document = OpenAPI(list: try EndpointList(Sample.endpoints), version: "1.2.3").document }

    @Test func holdsEveryEndpoint() throws {
        #expect(document["openapi"] == "3.1.0")
        for endpoint in Sample.endpoints {
            let operation = try #require(document["paths"]?[endpoint.path]?[endpoint.method.rawValue.lowercased()])
            #expect(operation["operationId"]?.string == endpoint.id)
            #expect(operation["tags"]?.array == [.string(endpoint.tag.name)])
            #expect(operation["responses"]?[String(endpoint.status)] != nil)
            #expect((operation["security"]?.array?.isEmpty == true) == (endpoint.access == .open))
            #expect((operation["responses"]?["401"] != nil) == (endpoint.access != .open))
            let names = operation["parameters"]?.array?.compactMap { resolved($0)?["name"]?.string } ?? []
            let headers = endpoint.requestHeaders.map(\.name)
            #expect(headers.contains("Idempotency-Key") == endpoint.isIdempotencyKeyed)
            #expect(names == endpoint.pathParameters + headers + endpoint.query.map(\.name))
            #expect((operation["requestBody"] != nil) == (endpoint.input != nil || !endpoint.accepts.isEmpty))
        }
    }

    @Test func pagesAndObjectsBringTheirParameters() {
        let names = document["paths"]?["/v1/notes"]?["get"]?["parameters"]?.array?.compactMap { resolved($0)?["name"]?.string }
        #expect(names == ["If-None-Match", "Parley-Version", "color", "limit", "cursor", "total", "all", "sort", "filter", "fields"])
    }

    @Test func whatWasMadeLeadsToWhatCanBeDoneWithIt() throws {
        let list = try #require(document["paths"]?["/v1/notes"]?["get"]?["responses"]?["200"])
        #expect(list["links"] == nil, "a note is read below a project, which the list does not tell")
        let endpoints = [
            Endpoint.open(
                .post, path: "/v1/cards", id: "cards.create", tag: Sample.notes, summary: "Make", output: Note.schema, status: 201
            ) { _ in .ok(Note.example) },
            Endpoint.open(.get, path: "/v1/cards/{card}", id: "cards.get", tag: Sample.notes, summary: "Read", output: Note.schema) { _ in
                .ok(Note.example)
            },
        ]
        let small = OpenAPI(list: try EndpointList(endpoints), version: "1").document
        let link = small["paths"]?["/v1/cards"]?["post"]?["responses"]?["201"]?["links"]?["cards.get"]
        #expect(link?["operationId"] == "cards.get" && link?["parameters"]?["card"] == "$response.body#/id")
        let parameter = small["paths"]?["/v1/cards/{card}"]?["get"]?["parameters"]?.array?.first
        #expect(parameter?["schema"]?["pattern"] == "^doc_[0-7][0-9A-HJKMNP-TV-Z]{25}$")
        #expect(parameter?["example"]?.string == "doc_" + ExampleIdentifiers.suffix)
    }

    /// What is published must not change with the moment at which the server starts.
    @Test func examplesAreAlwaysTheSame() throws {
        let text = document.text
        for match in text.matches(of: /[a-z]{3}_([0-9A-Z]{26})/) { #expect(match.output.1 == ExampleIdentifiers.suffix) }
        let short = ExampleIdentifiers.fixed(Array("\"a_b doc_123 xdoc_01M3250V00F1DS5GDM2VK32ZCE9\"".utf8))
        #expect(String(decoding: short, as: UTF8.self) == "\"a_b doc_123 xdoc_01M3250V00F1DS5GDM2VK32ZCE9\"")
    }

    @Test func describesTheObjects() throws {
        let note = try #require(document["components"]?["schemas"]?["Note"])
        #expect(note["required"] == ["id", "title", "color", "rank", "tags", "place", "created_at"])
        #expect(note["additionalProperties"] == nil && note["properties"]?["color"]?["enum"] == nil, "what is answered is open")
        #expect(note["properties"]?["color"]?["x-extensible-enum"] == ["red", "green"])
        let new = try #require(document["components"]?["schemas"]?["NewNote"])
        #expect(new["required"] == ["title", "first"] && new["additionalProperties"] == false, "what is sent is closed")
        #expect(new["properties"]?["last"]?["default"] == 100)
        #expect(note["properties"]?["title"]?["maxLength"] == 30)
        #expect(note["properties"]?["title"]?["description"] == "What it says.")
        #expect(note["properties"]?["place"]?["anyOf"]?.array?.first == ["$ref": "#/components/schemas/Place"])
        #expect(note["examples"]?.array?.first?["rank"] == 3)
        #expect(document["components"]?["schemas"]?["Problem"] != nil)
    }

    /// Every reference leads somewhere.
    @Test func hasNoDanglingReference() {
        var references: Set<String> = []
        collect(document, &references)
        #expect(references.count >= 4)
        for reference in references {
            #expect(resolved(["$ref": .string(reference)]) != nil, "\(reference)")
        }
    }

    /// What a reference leads to; anything else as it is.
    private func resolved(_ json: JSONValue) -> JSONValue? {
        guard let reference = json["$ref"]?.string else { return json }
        return reference.split(separator: "/").dropFirst().reduce(document as JSONValue?) { $0?[String($1)] }
    }

    private func collect(_ json: JSONValue, _ references: inout Set<String>) {
        if let reference = json["$ref"]?.string { references.insert(reference) }
        for child in json.array ?? json.object.map({ Array($0.values) }) ?? [] { collect(child, &references) }
    }
}
