import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite(.timeLimit(.minutes(1))) struct VersionTests {
    /// Two versions that never were: a title was once called `name`, and before that its rank was a text.
    private static let history = VersionHistory([
        APIVersion(
            "2027-06-01", "Titles",
            changes: [
                APIChange(
                    .changed, "`name` of a note is now `title`.", endpoints: ["notes.list", "notes.create"],
                    forward: APIChange.renaming("name", to: "title"), back: APIChange.each(APIChange.renaming("title", to: "name")))
            ]),
        APIVersion("2026-11-23", "The first version"),
        APIVersion(
            "2027-01-15", "Ranks",
            changes: [
                APIChange(
                    .changed, "`rank` of a note is a number.", endpoints: ["notes.list"],
                    back: APIChange.each { note in
                        guard case .object(var members) = note, let rank = members["rank"]?.int else { return note }
                        members["rank"] = .string("\(rank)")
                        return .object(members)
                    })
            ]),
    ])

    private func withVersions(_ endpoints: [Endpoint] = Sample.endpoints, _ body: @escaping @Sendable (Int) async throws -> Void)
        async throws
    {
        try await withServer(endpoints, history: Self.history) { port, _ in try await body(port) }
    }

    @Test func anAnswerIsAsItsVersionKnowsIt() async throws {
        try await withVersions { port in
            let expected: [(String?, String, JSONValue)] = [
                ("2027-06-01", "title", 0), ("2027-01-15", "name", 0), ("2026-11-23", "name", "0"), (nil, "name", "0"),
            ]
            for (version, title, rank) in expected {
                let answer = try await fetch(port, "GET /v1/notes?limit=1", version.map { ["Parley-Version: \($0)"] } ?? [])
                let note = answer.json["items"]?.array?.first
                #expect(note?[title]?.string == "Milk \"2 l\"" && note?["rank"] == rank, "\(version ?? "none")")
                #expect(answer["parley-version"] == version ?? "2026-11-23")
                #expect(answer["vary"]?.contains("Parley-Version") == true)
            }
        }
    }

    @Test func aBodyIsBroughtForward() async throws {
        try await withVersions { port in
            let json = "Content-Type: application/json"
            let old = try await fetch(
                port, "POST /v1/notes", [json, "Parley-Version: 2026-11-23"], body: #"{"name":"Tea","first":1}"#)
            #expect(old.status == 201 && old.json["name"] == "Tea")
            let new = try await fetch(port, "POST /v1/notes", [json, "Parley-Version: 2027-06-01"], body: #"{"name":"Tea","first":1}"#)
            #expect(new.status == 422)
        }
    }

    @Test func otherFormsAreOfTheVersionToo() async throws {
        try await withVersions { port in
            let csv = try await fetch(port, "GET /v1/notes?limit=1&fields=title", ["Accept: text/csv"])
            #expect(csv.body == "name\r\n\"Milk \"\"2 l\"\"\"\r\n")
        }
    }

    @Test func unknownVersionsAreRefused() async throws {
        try await withVersions { port in
            for version in ["2026-11-24", "1", "2027-06-01, 2026-11-23"] {
                let answer = try await fetch(port, "GET /v1/notes", ["Parley-Version: \(version)"])
                #expect(answer.status == 400 && answer.code == "version.unknown", "\(version)")
            }
        }
    }

    @Test func deprecationIsToldInHeadersAndDocument() async throws {
        let since = try #require(Timestamp(rfc3339: "2027-01-01T00:00:00Z"))
        let sunset = try #require(Timestamp(rfc3339: "2027-07-01T12:00:00Z"))
        let old = Sample.endpoints.map {
            $0.id == "notes.list"
                ? $0.deprecated(since: since, sunset: sunset, instead: "Use something newer.", successor: "/v1/file") : $0
        }
        try await withVersions(old) { port in
            let answer = try await fetch(port, "GET /v1/notes?limit=1")
            #expect(answer["deprecation"] == "@1798761600")
            #expect(answer["sunset"] == "Thu, 01 Jul 2027 12:00:00 GMT")
            #expect(answer["link"]?.contains("rel=\"deprecation\"") == true)
            #expect(answer["link"]?.contains("</v1/file>; rel=\"successor-version\"") == true)
            #expect(try await fetch(port, "GET /v1/notes?limit=0")["deprecation"] != nil, "errors tell it too")
            #expect(try await fetch(port, "GET /v1/file")["deprecation"] == nil)
            let document = try await fetch(port, "GET /openapi.json").json
            #expect(document["paths"]?["/v1/notes"]?["get"]?["deprecated"] == true)
            #expect(document["paths"]?["/v1/notes"]?["post"]?["deprecated"] == nil)
            #expect(document["paths"]?["/v1/notes"]?["get"]?["description"]?.string?.hasSuffix("Use something newer.") == true)
            #expect(try await fetch(port, "GET /docs").body.contains("Use something newer."))
        }
        #expect(throws: ParleyError.self) {
            try EndpointList([Sample.endpoints[0].deprecated(since: sunset, sunset: since, instead: "")])
        }
        #expect(throws: ParleyError.self) {
            try EndpointList([Sample.endpoints[0].deprecated(since: since, instead: "", successor: "/v1/nothing")])
        }
    }

    @Test func anEndpointIsGoneAfterItsSunset() async throws {
        let since = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        let sunset = try #require(Timestamp(rfc3339: "2026-02-01T00:00:00Z"))
        let old = Sample.endpoints.map {
            $0.id == "notes.list" ? $0.deprecated(since: since, sunset: sunset, instead: "Use a pencil.") : $0
        }
        try await withVersions(old) { port in
            let answer = try await fetch(port, "GET /v1/notes?limit=1")
            #expect(answer.status == 410 && answer.code == "endpoint.gone" && answer["sunset"] != nil)
            #expect(answer.json["detail"]?.string?.hasSuffix("Use a pencil.") == true)
        }
    }

    @Test func theChangeLogIsForProgramsAndPeople() async throws {
        try await withVersions(Sample.endpoints + [Self.history.endpoint(tag: Sample.other)]) { port in
            let log = try await fetch(port, "GET /v1/changelog").json
            #expect(log["newest"] == "2027-06-01" && log["standard"] == "2026-11-23")
            #expect(log["versions"]?.array?.compactMap { $0["version"]?.string } == ["2027-06-01", "2027-01-15", "2026-11-23"])
            #expect(log["versions"]?.array?.first?["changes"]?.array?.first?["kind"] == "changed")
            #expect(try await fetch(port, "GET /docs/changelog").body.contains("`rank` of a note is a number."))
        }
    }
}
