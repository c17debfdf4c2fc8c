import Foundation
import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyTelemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerTests {
    @Test func answersAListAndItsPages() async throws {
        try await withServer { port, _ in
            let first = try await fetch(port, "GET /v1/notes?limit=100&fields=rank")
            #expect(first.status == 200)
            #expect(first["content-type"] == "application/json")
            #expect(first.json["items"]?.array?.count == 100)
            #expect(first.json["items"]?.array?.first == ["rank": 0])
            let cursor = try #require(first.json["page"]?["next_cursor"]?.string)
            let second = try await fetch(port, "GET /v1/notes?limit=100&cursor=\(cursor)")
            #expect(second.json["items"]?.array?.count == 20)
            #expect(second.json["page"]?["next_cursor"] == .null && second.json["page"]?["has_more"] == false)
            let back = try #require(second.json["page"]?["prev_cursor"]?.string)
            #expect(second["link"]?.contains("/v1/notes?limit=100&cursor=\(back)>; rel=\"prev\"") == true)
            #expect(second["link"]?.contains("</v1/notes?limit=100>; rel=\"first\"") == true)
            let again = try await fetch(port, "GET /v1/notes?limit=100&cursor=\(back)&fields=rank")
            #expect(again.json["items"] == first.json["items"])
            let foreign = try await fetch(port, "GET /v1/notes?limit=100&cursor=\(cursor)&color=green")
            #expect(foreign.status == 400 && foreign.json["code"] == "request.cursor")
        }
    }

    @Test func refusesWrongParametersAllAtOnce() async throws {
        try await withServer { port, _ in
            let answer = try await fetch(port, "GET /v1/notes?limit=0&color=blue&colour=red&fields=rank,x&cursor=a&cursor=b")
            #expect(answer.status == 422)
            let names = answer.json["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? []
            #expect(Set(names) == ["limit", "color", "colour", "fields", "cursor"])
            let cursor = try await fetch(port, "GET /v1/notes?cursor=abc")
            #expect(cursor.status == 400)
        }
    }

    @Test func makesANote() async throws {
        try await withServer { port, _ in
            let made = try await fetch(
                port, "POST /v1/notes", ["Content-Type: application/json; charset=utf-8"], body: #"{"title":"Tea","first":1}"#)
            #expect(made.status == 201)
            #expect(made["location"]?.hasPrefix("/v1/notes/doc_") == true)
            #expect(made.json["title"] == "Tea")
            let wrong = try await fetch(
                port, "POST /v1/notes", ["Content-Type: application/json"], body: #"{"title":"tea","first":-1,"x":0}"#)
            #expect(wrong.status == 422)
            #expect(wrong["content-type"] == "application/problem+json")
            #expect(wrong.json["errors"]?.array?.count == 3)
        }
    }

    @Test func errorsAreProblemDocuments() async throws {
        try await withServer(configuration: .test { $0.maximumJSON = .bytes(1000) }) { port, _ in
            let json = ["Content-Type: application/json"]
            let cases: [(Answer, Int, String)] = [
                (try await fetch(port, "GET /nowhere"), 404, "not_found"),
                (try await fetch(port, "DELETE /v1/notes"), 405, "request.method_not_allowed"),
                (try await fetch(port, "PROPFIND /v1/notes"), 405, "request.method_not_allowed"),
                (try await fetch(port, "POST /docs"), 405, "request.method_not_allowed"),
                (try await fetch(port, "GET /v1/notes", ["Accept: image/png"]), 406, "request.not_acceptable"),
                (try await fetch(port, "POST /v1/notes", ["Content-Type: text/plain"], body: "{}"), 415, "request.media_type"),
                (try await fetch(port, "POST /v1/notes", body: "{}"), 415, "request.media_type"),
                (try await fetch(port, "POST /v1/notes", json, body: "{\"title\":"), 400, "request.malformed_json"),
                (try await fetch(port, "POST /v1/notes", json, body: String(repeating: "[", count: 900)), 400, "request.malformed_json"),
                (try await fetch(port, "POST /v1/notes", json, body: String(repeating: " ", count: 1001)), 413, "request.too_large"),
                (try await fetch(port, "PUT /v1/raw", ["Content-Type: image/png"], body: "x"), 415, "request.media_type"),
                (try await fetch(port, "GET /v1/leak"), 500, "internal"),
            ]
            for (answer, status, code) in cases {
                #expect(answer.status == status)
                #expect(answer.code == code)
                #expect(answer["content-type"] == "application/problem+json")
                #expect(answer.json["status"] == .int(Int64(status)))
                #expect(answer.json["type"]?.string == "/docs/errors#\(code)")
                #expect(answer.json["request_id"]?.string == answer["x-request-id"])
                #expect(!answer.body.contains("password"))
            }
            #expect(cases[1].0["allow"] == "GET, HEAD, OPTIONS, POST")
            #expect(cases[0].0.json["instance"] == "/nowhere")
        }
    }

    @Test func theDoorIsClosed() async throws {
        try await withServer { port, _ in
            let note = "/v1/projects/\(Sample.project)/notes/\(Note.example.id)"
            let foreign = "/v1/projects/\(ProjectID(at: Timestamp(milliseconds: 5)))/notes/\(Note.example.id)"
            let (admin, viewer) = ("Authorization: Bearer admin-token", "authorization: bearer viewer-token")
            for endpoint in Sample.endpoints where endpoint.access != .open {
                let path = endpoint.path.replacing("{project}", with: "\(Sample.project)").replacing(/\{[a-z]+\}/, with: "x")
                for headers in [[], ["Authorization: Bearer wrong"], ["Authorization: Basic YTpi"], ["Authorization: Bearer "]] {
                    let answer = try await fetch(port, "\(endpoint.method.rawValue) \(path)", headers)
                    #expect(answer.status == 401)
                    #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true)
                    #expect(answer.code == "auth.required")
                }
            }
            #expect(try await fetch(port, "GET /v1/me", [viewer]).status == 200)
            #expect(try await fetch(port, "GET /v1/me", [viewer])["cache-control"] == "no-store")
            #expect(try await fetch(port, "GET \(note)", [viewer]).json["id"]?.string == Note.example.id.description)
            #expect(try await fetch(port, "GET \(note)", [admin]).status == 200)
            #expect(try await fetch(port, "PATCH \(note)", [viewer], body: "{}").status == 403)
            #expect(try await fetch(port, "GET \(foreign)", [viewer]).code == "project.not_found")
            #expect(try await fetch(port, "GET /v1/projects/x/notes/y", [viewer]).code == "project.not_found")
            #expect(try await fetch(port, "GET \(note)x", [viewer]).code == "not_found")
            #expect(try await fetch(port, "DELETE /v1/users/\(Sample.viewer.user)", [viewer]).status == 403)
            #expect(try await fetch(port, "DELETE /v1/users/\(Sample.viewer.user)", [admin]).status == 204)
        }
    }

    @Test func everyAnswerCarriesItsHeaders() async throws {
        try await withServer { port, _ in
            for line in ["GET /v1/notes", "GET /docs", "GET /nowhere", "GET /v1/leak", "OPTIONS /v1/notes"] {
                let answer = try await fetch(port, line)
                for name in [
                    "content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy",
                    "cross-origin-resource-policy",
                    "permissions-policy", "cache-control", "x-request-id", "traceparent",
                ] {
                    #expect(answer[name] != nil, "\(line): \(name)")
                }
                #expect(answer["strict-transport-security"] == nil)
            }
            let named = try await fetch(
                port, "GET /v1/notes", ["X-Request-Id: my-id.1", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
            #expect(named["x-request-id"] == "my-id.1")
            #expect(named["traceparent"]?.contains("0af7651916cd43dd8448eb211c80319c") == true)
            let odd = try await fetch(port, "GET /v1/notes", ["X-Request-Id: a b\"c"])
            #expect(odd["x-request-id"]?.hasPrefix("req_") == true)
        }
        try await withServer(configuration: .test { $0.publicURL = URL(string: "https://parley.example") }) { port, _ in
            let answer = try await fetch(port, "GET /docs", ["Host: parley.example"])
            #expect(answer["strict-transport-security"] != nil)
        }
    }

    @Test func headAndOptionsAndEntityTags() async throws {
        try await withServer { port, _ in
            try await Connection.open(port) { connection in
                try await connection.request("HEAD /v1/notes")
                let head = try await connection.answer(hasBody: false)
                #expect(head.status == 200)
                #expect((head["content-length"].flatMap { Int($0) } ?? 0) > 1000)
                try await connection.request("GET /v1/notes")
                let full = try await connection.answer()
                #expect(full["etag"] == head["etag"])
                let tag = try #require(full["etag"])
                try await connection.request("GET /v1/notes", ["If-None-Match: \(tag)"])
                #expect(try await connection.answer().status == 304)
                try await connection.request("GET /v1/notes?limit=1", ["If-None-Match: \(tag)"])
                #expect(try await connection.answer().status == 200)
                try await connection.request("OPTIONS /v1/notes")
                let options = try await connection.answer()
                #expect(options.status == 204)
                #expect(options["allow"] == "GET, HEAD, OPTIONS, POST")
            }
        }
    }

    @Test func servesTheReferenceAndFiles() async throws {
        let page = StaticFiles(["/": StaticFile(Array("<p>hi".utf8), contentType: "text/html; charset=utf-8")])
        try await withServer(files: [page]) { port, _ in
            let root = try await fetch(port, "GET /?a=b")
            #expect(root.body == "<p>hi")
            #expect(try await fetch(port, "GET /", ["If-None-Match: \(root["etag"] ?? "")"]).status == 304)
            #expect(try await fetch(port, "GET /openapi.json").json["openapi"] == "3.1.0")
            let docs = try await fetch(port, "GET /docs")
            for endpoint in Sample.endpoints { #expect(docs.body.contains("id=\"\(endpoint.id)\"")) }
            #expect(docs.body.contains("Milk \\&quot;2 l\\&quot;"))
            #expect(!docs.body.contains("<style") && !docs.body.contains("<script>"), "the page's policy allows nothing inline")
            #expect(docs.body.contains("<script src=\"/docs/reference.js\""))
            #expect(try await fetch(port, "GET /docs/reference.js")["content-type"] == "text/javascript; charset=utf-8")
            let errors = try await fetch(port, "GET /docs/errors")
            for code in ["request.wrong_host", "input.invalid", "auth.required"] { #expect(errors.body.contains("id=\"\(code)\"")) }
            #expect(try await fetch(port, "GET /docs/reference.css").status == 200)
        }
    }

    @Test func checksHostAndOrigin() async throws {
        try await withServer(configuration: .test { $0.publicURL = URL(string: "https://parley.example:8443") }) { port, _ in
            for host in ["localhost:\(port)", "127.0.0.1", "[::1]:80", "PARLEY.example", "parley.example:8443"] {
                let answer = try await fetch(port, "GET /docs", ["Host: \(host)"])
                #expect(answer.status == 200, "\(host)")
            }
            for host in ["evil.example", "localhost.evil.example", "parley.example.evil", "", "[::1", "127.0.0.1.nip.io"] {
                let answer = try await fetch(port, "GET /docs", ["Host: \(host)"])
                #expect(answer.status == 400, "\(host)")
            }
            let body = #"{"title":"Tea","first":1}"#
            let local = ["Host: localhost:\(port)", "Content-Type: application/json"]
            for origin in ["https://parley.example:8443", "http://localhost:\(port)"] {
                let answer = try await fetch(port, "POST /v1/notes", local + ["Origin: \(origin)"], body: body)
                #expect(answer.status == 201, "\(origin)")
            }
            for origin in ["https://evil.example", "null", "http://parley.example:8443", "http://localhost:1", "https://parley.example"] {
                let answer = try await fetch(port, "POST /v1/notes", local + ["Origin: \(origin)"], body: body)
                #expect(answer.status == 403, "\(origin)")
            }
            let answer = try await fetch(port, "GET /v1/notes", local + ["Origin: https://evil.example"])
            #expect(answer.status == 200)
        }
    }
}

@Suite struct HTTPConfigurationTests {
    @Test func asksForAPublicAddressWhenOthersCanReachIt() throws {
        let known = HTTPServer.Configuration.settings
        let local = SettingsReader(flags: ["http-port": "0", "http-max-upload": "2GiB"])
        let configuration = HTTPServer.Configuration(local)
        try local.validate(known: known)
        #expect(configuration.port == 0)
        #expect(configuration.maximumUpload == .gib(2))
        let open = SettingsReader(flags: ["http-host": "0.0.0.0"])
        _ = HTTPServer.Configuration(open)
        let error = try #require(throws: ParleyError.self) { try open.validate(known: known) }
        #expect(error.fields.map(\.pointer) == ["http.public_url"])
    }

    @Test func measuresEachEndpoint() async throws {
        let telemetry = Telemetry.silent()
        try await withServer(telemetry: telemetry) { port, _ in
            _ = try await fetch(port, "GET /v1/notes?limit=1")
            _ = try await fetch(port, "GET /v1/leak", ["traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
        }
        let text = telemetry.metrics.prometheusText()
        #expect(text.contains("parley_http_requests_total{endpoint=\"notes.list\",status=\"200\"} 1"))
        #expect(text.contains("parley_http_requests_total{endpoint=\"leak\",status=\"500\"} 1"))
        let span = try #require(telemetry.recentSpans.newest(limit: 10).first { $0.attributes["endpoint"] == .string("leak") })
        #expect(span.outcome == .error)
        #expect(span.traceID.description == "0af7651916cd43dd8448eb211c80319c")
    }
}
