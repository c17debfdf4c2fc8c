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
            let names = operation["parameters"]?.array?.compactMap { $0["name"]?.string } ?? []
            let key = endpoint.isIdempotencyKeyed ? ["Idempotency-Key"] : []
            #expect(names == endpoint.pathParameters + key + endpoint.query.map(\.name))
            #expect((operation["requestBody"] != nil) == (endpoint.input != nil || !endpoint.accepts.isEmpty))
        }
    }

    @Test func pagesAndObjectsBringTheirParameters() {
        let names = document["paths"]?["/v1/notes"]?["get"]?["parameters"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["color", "limit", "cursor", "total", "sort", "filter", "fields"])
    }

    @Test func describesTheObjects() throws {
        let note = try #require(document["components"]?["schemas"]?["Note"])
        #expect(note["required"] == ["id", "title", "color", "tags", "created_at"])
        #expect(note["properties"]?["title"]?["maxLength"] == 30)
        #expect(note["properties"]?["title"]?["description"] == "What it says.")
        #expect(note["properties"]?["rank"]?["default"] == 5)
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
            #expect(document["components"]?["schemas"]?[reference.replacing("#/components/schemas/", with: "")] != nil, "\(reference)")
        }
    }

    private func collect(_ json: JSONValue, _ references: inout Set<String>) {
        if let reference = json["$ref"]?.string { references.insert(reference) }
        for child in json.array ?? json.object.map({ Array($0.values) }) ?? [] { collect(child, &references) }
    }
}
