import NIOCore
import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite(.timeLimit(.minutes(1))) struct ContentTests {
    @Test func readsComeInTheFormThatIsAskedFor() async throws {
        try await withServer { port, _ in
            let path = "GET /v1/notes?limit=2&fields=title,rank,place"
            let csv = try await fetch(port, path, ["Accept: text/csv"])
            #expect(csv["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(csv.body == "title,rank,place.name,place.level\r\n\"Milk \"\"2 l\"\"\",0,door,2\r\n\"Milk \"\"2 l\"\"\",1,door,2\r\n")
            #expect(csv["vary"]?.contains("Accept") == true)
            let lines = try await fetch(port, path, ["Accept: application/x-ndjson"])
            #expect(lines.body.split(separator: "\n").count == 2)
            #expect(lines.body.hasPrefix(#"{"title":"Milk \"2 l\"","rank":0,"place":{"name":"door","level":2}}"#))
            let yaml = try await fetch(port, path, ["Accept: application/yaml"])
            #expect(
                yaml.body.hasPrefix(
                    "\"items\":\n  - \"title\": \"Milk \\\"2 l\\\"\"\n    \"rank\": 0\n    \"place\":\n      \"name\": \"door\"\n"))
            let xml = try await fetch(port, path, ["Accept: text/xml"])
            #expect(xml.body.contains("<answer><items><item><title>Milk &quot;2 l&quot;</title><rank>0</rank><place><name>door</name>"))
        }
    }

    @Test func weightsDecide() async throws {
        try await withServer { port, _ in
            let cases: [(String, String?)] = [
                ("*/*", "application/json"), ("text/csv;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8; header=present"),
                ("text/csv;q=0.5, */*", "application/json"), ("application/json;q=0, */*;q=0.1", "application/x-ndjson"),
                ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"), ("text/*", "text/csv; charset=utf-8; header=present"),
                ("image/png", nil), ("application/json;q=0", nil),
            ]
            for (accept, type) in cases {
                let answer = try await fetch(port, "GET /v1/notes", ["Accept: \(accept)"])
                #expect(answer["content-type"] == type ?? "application/problem+json", "\(accept)")
                #expect(answer.status == (type == nil ? 406 : 200), "\(accept)")
            }
            let json = ["Content-Type: application/json", "Accept: text/csv"]
            let changed = try await fetch(port, "POST /v1/notes", json, body: #"{"title":"Tea","first":1}"#)
            #expect(changed.code == "request.not_acceptable", "changes answer JSON")
        }
    }

    @Test func formsOfEveryKindOfValue() throws {
        let value: JSONValue = [
            "no": "no", "n": nil, "big": .int(9_007_199_254_740_993), "exact": 0.1, "list": [1, ["a": []], [2, 3]], "bell": "\u{7}<é>",
            "a b": true,
        ]
        let yaml = String(decoding: Representation.yaml.bytes(of: value, shape: .any), as: UTF8.self)
        #expect(yaml.contains("\"no\": \"no\"\n") && yaml.contains("\"n\": null\n") && yaml.contains("\"exact\": 0.1\n"))
        #expect(yaml.contains("\"list\":\n  - 1\n  - \"a\": []\n  -\n    - 2\n    - 3\n"))
        let xml = String(decoding: Representation.xml.bytes(of: value, shape: .any), as: UTF8.self)
        #expect(xml.contains("<bell>\u{FFFD}&lt;é&gt;</bell>") && xml.contains("<member name=\"a b\">true</member>"))
        #expect(xml.contains("<n nil=\"true\"/>") && xml.contains("<big>9007199254740993</big>"))
        let csv = String(decoding: Representation.csv.bytes(of: [["a": [1, 2]], ["b": "x,y"], 7], shape: .any), as: UTF8.self)
        #expect(csv == "value,a,b\r\n,\"[1,2]\",\r\n,,\"x,y\"\r\n7,,\r\n")
    }

    @Test func aTextThatIsNoFormulaStaysNone() {
        let texts = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\nx", "a=1", "'=1"]
        let rows = JSONValue.array(texts.map { ["text": .string($0), "number": -1.5] })
        let csv = String(decoding: Representation.csv.bytes(of: rows, shape: .any), as: UTF8.self)
        let expected = ["'=1+1", "'+1", "'-1", "'@A1", "'\tx", "\"'\rx\"", "\"'\nx\"", "a=1", "'=1"]
        #expect(csv == "number,text\r\n" + expected.map { "-1.5,\($0)\r\n" }.joined())
    }

    /// Of a place that is not there all columns are empty, and those that were not asked for are not there.
    @Test func columnsDoNotDependOnTheRows() {
        let rows: JSONValue = ["items": [["id": "a", "place": nil], ["id": "b", "place": ["name": "x", "level": 1]]]]
        let shape = Schema.page(of: Note.schema, .plain).shape
        func csv(_ fields: [String]?, _ rows: JSONValue) -> String {
            String(decoding: Representation.csv.bytes(of: rows, shape: shape, fields: fields), as: UTF8.self)
        }
        #expect(csv(["id", "place"], rows) == "id,place.name,place.level\r\na,,\r\nb,x,1\r\n")
        #expect(csv(["id", "place"], ["items": [["id": "a", "place": nil]]]) == "id,place.name,place.level\r\na,,\r\n")
        #expect(csv(["place.name"], ["items": [["place": nil]]]) == "place.name\r\n\r\n")
        #expect(csv(["title"], ["items": []]) == "title\r\n")
    }

    /// More than a part, so that the list is put together from several.
    @Test func aWholeListIsAStream() async throws {
        let count = 2345
        let ids = (0..<count).map { DocumentID(at: Timestamp(milliseconds: Int64($0))) }
        let many: Endpoint = .open(
            .get, path: "/v1/many", id: "many", tag: Sample.notes, summary: "Many", output: .page(of: Note.schema, Sample.shape)
        ) { request in
            let list = try request.list()
            let all = (0..<count).map { number in
                var note = Note.example
                (note.id, note.rank) = (ids[number], number % 10)
                return note
            }
            return .page(ListSlice(of: all, list, key: \.id.description))
        }
        try await withServer(Sample.endpoints + [many]) { port, _ in
            let whole = try await fetch(port, "GET /v1/many?all=true&fields=title,rank")
            #expect(whole.status == 200 && whole["content-length"] == nil && whole["etag"] == nil)
            #expect(whole.json["items"]?.array?.count == count)
            #expect(whole.json["items"]?.array?[1234] == ["title": .string(Note.example.title), "rank": 4])
            #expect(whole.json["page"]?["total"] == ["count": .int(Int64(count)), "exact": true])
            #expect(whole.json["page"]?["next_cursor"] == .null)
            let lines = try await fetch(port, "GET /v1/many?all=true&fields=rank", ["Accept: application/x-ndjson"])
            #expect(lines.body == (0..<count).map { "{\"rank\":\($0 % 10)}\n" }.joined())
            let table = try await fetch(port, "GET /v1/many?all=true&fields=rank", ["Accept: text/csv"])
            #expect(table["content-type"] == "text/csv; charset=utf-8; header=present")
            let first = try await fetch(port, "GET /v1/many?limit=100")
            let cursor = try #require(first.json["page"]?["next_cursor"]?.string)
            let rest = try await fetch(port, "GET /v1/many?all=true&cursor=\(cursor)")
            #expect(rest.json["items"]?.array?.count == count - 100)
            let wrong = try await fetch(port, "GET /v1/many?all=true&limit=5")
            #expect(wrong.status == 422 && wrong.json["errors"]?.array?.first?["pointer"]?.string == "limit")
            #expect(try await fetch(port, "GET /v1/many?all=true", ["Accept: application/xml"]).status == 406)
            #expect(try await fetch(port, "HEAD /v1/many?all=true").status == 200)
        }
    }

    @Test func eachFormHasItsOwnTag() async throws {
        try await withServer { port, _ in
            let csv = try await fetch(port, "GET /v1/notes", ["Accept: text/csv"])
            let tag = try #require(csv["etag"])
            let same = try await fetch(port, "GET /v1/notes", ["Accept: text/csv", "If-None-Match: \(tag)"])
            #expect(same.status == 304 && same["etag"] == tag)
            let other = try await fetch(port, "GET /v1/notes", ["If-None-Match: \(tag)"])
            #expect(other.status == 200 && other["etag"] != tag)
        }
    }

    @Test func longAnswersAreCompressed() async throws {
        try await withServer { port, _ in
            for coding in ContentCoding.allCases {
                for line in ["GET /v1/notes", "GET /docs"] {
                    let answer = try await fetchBytes(port, line, ["Accept-Encoding: \(coding.rawValue);q=0.9, br"])
                    #expect(answer.headers["content-encoding"] == coding.rawValue, "\(line)")
                    let plain = try await fetchBytes(port, line, [])
                    #expect(answer.body.count < plain.body.count / 2)
                    #expect(try inflate(answer.body, coding) == plain.body)
                    let tag = try #require(answer.headers["etag"])
                    #expect(tag != plain.headers["etag"] && answer.headers["vary"]?.contains("Accept-Encoding") == true)
                    let same = try await fetchBytes(port, line, ["Accept-Encoding: \(coding.rawValue)", "If-None-Match: \(tag)"])
                    #expect(same.status == 304 && same.headers["etag"] == tag)
                }
            }
            let refused = try await fetchBytes(port, "GET /v1/notes", ["Accept-Encoding: gzip;q=0, deflate;q=0"])
            #expect(refused.headers["content-encoding"] == nil)
            let secret = try await fetchBytes(port, "GET /v1/me", ["Accept-Encoding: gzip", "Authorization: Bearer admin-token"])
            #expect(secret.headers["content-encoding"] == nil)
            let file = try await fetchBytes(port, "GET /v1/file", ["Accept-Encoding: gzip"])
            #expect(file.headers["content-encoding"] == nil && file.body.count == 10)
        }
    }

    @Test func compressedBodiesAreRead() async throws {
        try await withServer(configuration: .test { $0.maximumJSON = .mib(4) }) { port, _ in
            let body = Array(#"{"title":"Tea","first":1}"#.utf8)
            for coding in ContentCoding.allCases {
                let packed = try #require(coding.encode(body))
                let made = try await fetchBytes(
                    port, "POST /v1/notes", ["Content-Type: application/json", "Content-Encoding: \(coding.rawValue)"], packed)
                #expect(made.status == 201, "\(coding)")
                let cut = try await fetchBytes(
                    port, "POST /v1/notes", ["Content-Type: application/json", "Content-Encoding: \(coding.rawValue)"],
                    Array(packed.dropLast(9)))
                #expect(cut.status == 400 && cut.text.contains("request.malformed_encoding"))
            }
            let two = try #require(ContentCoding.gzip.encode([65, 66])) + (try #require(ContentCoding.gzip.encode([67])))
            let counted = try await fetchBytes(port, "PUT /v1/raw", ["Content-Type: text/plain", "Content-Encoding: gzip"], two)
            #expect(counted.text == #"{"bytes":3}"#)
            let unknown = try await fetchBytes(port, "PUT /v1/raw", ["Content-Type: text/plain", "Content-Encoding: br"], [1])
            #expect(unknown.status == 415)
        }
    }

    @Test func aBombIsStoppedBeforeItGrows() async throws {
        try await withServer(configuration: .test { $0.maximumJSON = .mib(64) }) { port, _ in
            let bomb = try #require(ContentCoding.gzip.encode([UInt8](repeating: 0x20, count: 32 << 20)))
            #expect(bomb.count < 40_000)
            let refused = try await fetchBytes(port, "PUT /v1/raw", ["Content-Type: text/plain", "Content-Encoding: gzip"], bomb)
            #expect(refused.status == 413 && refused.text.contains("request.inflates_too_much"))
        }
        try await withServer(configuration: .test { $0.maximumJSON = .kib(64) }) { port, _ in
            let large = try #require(ContentCoding.gzip.encode([UInt8](repeating: 0x20, count: 100_000)))
            let headers = ["Content-Type: application/json", "Content-Encoding: gzip"]
            let refused = try await fetchBytes(port, "POST /v1/notes", headers, large)
            #expect(refused.status == 413 && refused.text.contains("request.too_large"))
        }
    }

    private func inflate(_ bytes: [UInt8], _ coding: ContentCoding) throws -> [UInt8] {
        let inflater = Inflater(coding)
        inflater.feed(ByteBuffer(bytes: bytes))
        var output: [UInt8] = []
        while let piece = try inflater.next() { output += piece.readableBytesView }
        try inflater.finish()
        return output
    }
}
