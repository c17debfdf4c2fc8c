import ParleyAuthority
import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite struct EndpointListTests {
    private func open(_ path: String, id: String, _ method: Endpoint.Method = .get) -> Endpoint {
        .open(method, path: path, id: id, tag: Sample.notes, summary: "", output: .json()) { _ in .ok(nil) }
    }

    @Test func takesTheSample() throws {
        let list = try EndpointList(Sample.endpoints)
        #expect(list.tags.map(\.name) == ["Notes", "Other"])
        #expect(list.errorCodes.contains(.methodNotAllowed))
    }

    @Test func namesEverythingThatIsWrong() throws {
        let inProject: Endpoint = .project(.projectRead, .get, path: "/v1/x", id: "c", tag: Sample.notes, summary: "", output: .json()) {
            _, _ in .ok(nil)
        }
        let other: Schema<Int> = .object("Note", "Another form.", .field("x", { @Sendable in $0 }, .int()), example: 1)
        let clash: Endpoint = .open(.get, path: "/v1/y", id: "d", tag: Sample.notes, summary: "", output: other) { _ in .ok(1) }
        let note: Endpoint = .open(.get, path: "/v1/z", id: "e", tag: Sample.notes, summary: "", output: Note.schema) { _ in .ok(.example) }
        let error = try #require(throws: ParleyError.self) {
            try EndpointList([open("/v1/a/{b}", id: "a"), open("/v1/a/{c}", id: "b"), open("/v1/b", id: "a"), inProject, clash, note])
        }
        for text in [
            "id a stands twice", "GET /v1/a/{} stands twice", "names no {project}", "name Note",
        ] {
            #expect(error.message.contains(text))
        }
    }

    @Test func findsRoutes() {
        let table = RouteTable([
            open("/", id: "root"), open("/v1/a/{x}/c", id: "xc"), open("/v1/a/b/d", id: "bd"), open("/v1/a/{y}", id: "y"),
            open("/v1/a/b", id: "b"),
        ])
        func find(_ path: String) -> String? {
            table.match(path).map { "\($0.entry.endpoints["GET"]?.id ?? "-"):\($0.values.joined(separator: ","))" }
        }
        #expect(find("/") == "root:")
        #expect(find("/v1/a/b/c") == "xc:b")
        #expect(find("/v1/a/b/d") == "bd:")
        #expect(find("/v1/a/b") == "b:")
        #expect(find("/v1/a/%C3%A9%2F") == "y:é/")
        for missing in ["/v1", "/v1/a", "/v1/a/", "/v1/a/b/", "/v1/a/b/e", "//v1/a/b", "/v1/a/%zz", "/v1/a/%ff"] {
            #expect(find(missing) == nil)
        }
    }

    @Test func entityTagsAndRanges() {
        #expect(EntityTag.matches("W/\"a\", \"b\"", "\"a\""))
        #expect(EntityTag.matches("*", "\"a\""))
        #expect(!EntityTag.matches("\"c\"", "\"a\""))
        #expect(!EntityTag.matches(nil, "\"a\""))
        let (whole, part) = (EntityTag.version("3", variant: nil), EntityTag.version("3", variant: "id"))
        #expect(
            whole != part && EntityTag.isSame(part, whole) && EntityTag.isSame("\"x\", " + whole, whole) && EntityTag.isSame("*", whole))
        #expect(!EntityTag.isSame("W/" + whole, whole) && !EntityTag.isSame("*", nil) && !EntityTag.isSame("", whole))
        let ranges: [(String?, ByteRange)] = [
            (nil, .whole), ("bytes=0-3", .part(0..<4)), ("bytes=5-", .part(5..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=8-99", .part(8..<10)),
            ("bytes=-99", .part(0..<10)), ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=3-2", .whole),
            ("lines=1-2", .whole),
            ("bytes=0-1,3-4", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=99999999999999999999-", .whole),
            ("bytes=0-9223372036854775807", .part(0..<10)),
        ]
        for (header, range) in ranges { #expect(ByteRange(header, length: 10) == range, "\(header ?? "")") }
    }
}
