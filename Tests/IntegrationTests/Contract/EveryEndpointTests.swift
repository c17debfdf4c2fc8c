import Foundation
import NIOHTTP1
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import Testing

@testable import ParleyApp
@testable import ParleyHTTP

extension WithInstallations {
    /// Every endpoint of the list, present and future, held to the rules of docs/api/conventions.md.
    @Suite struct EveryEndpointTests {
        private func path(_ endpoint: Endpoint) -> String {
            let now = Timestamp(Date())
            let ids = [
                "project": ProjectID(at: now).description, "document": DocumentID(at: now).description, "user": UserID(at: now).description,
                "thread": ThreadID(at: now).description, "message": MessageID(at: now).description,
            ]
            return "/"
                + endpoint.path.split(separator: "/").map { $0.hasPrefix("{") ? ids[String($0.dropFirst().dropLast())] ?? "x" : String($0) }
                .joined(separator: "/")
        }

        private func method(_ endpoint: Endpoint) -> HTTPMethod { HTTPMethod(rawValue: endpoint.method.rawValue) }

        /// A problem document whose type leads to the page that explains it; a foreign dialect has its own form.
        private func expectProblem(_ answer: Answer, _ endpoint: Endpoint, _ page: String, status: ClosedRange<Int> = 400...499) {
            #expect(status.contains(answer.status), "\(endpoint.id): \(answer.status) \(answer.text)")
            guard answer.problem != nil else { return #expect(isForeign(endpoint), "\(endpoint.id): \(answer.text)") }
            for member in ["type", "title", "detail", "code", "instance", "request_id"] {
                #expect(answer.json[member]?.string?.isEmpty == false, "\(endpoint.id): \(member)")
            }
            #expect(answer.json["status"]?.int == Int64(answer.status) && answer.json["errors"]?.array != nil, "\(endpoint.id)")
            #expect(answer.json["request_id"]?.string == answer.header("X-Request-Id"), "\(endpoint.id)")
            #expect(answer.json["type"]?.string == "/docs/errors#\(answer.problem ?? "")", "\(endpoint.id)")
            #expect(page.contains("id=\"\(answer.problem ?? "")\""), "\(endpoint.id): \(answer.problem ?? "") is not on the page")
        }

        private func isForeign(_ endpoint: Endpoint) -> Bool { endpoint.dialect.answer != nil }

        private func errorPage(_ caller: Caller) async throws -> String { try await caller.send(.get, "/docs/errors").text }

        @Test func methodsAreToldAndRefused() async throws {
            let installation = try Installation.on(.sqlite)
            let caller = installation.admin.caller
            let page = try await errorPage(caller)
            for endpoint in installation.parley.endpoints {
                let here = installation.parley.endpoints.filter { $0.path == endpoint.path }.map(\.method.rawValue)
                let options = try await caller.send(.OPTIONS, path(endpoint))
                let allow = Set((options.header("Allow") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
                #expect(options.status == 204 && allow.isSuperset(of: here), "\(endpoint.id)")
                let refused = try await caller.send(.TRACE, path(endpoint))
                expectProblem(refused, endpoint, page, status: 405...405)
                #expect(refused.header("Allow") == options.header("Allow"), "\(endpoint.id)")
            }
        }

        @Test func everyAnswerCarriesTheSameHeaders() async throws {
            let installation = try Installation.on(.sqlite)
            for endpoint in installation.parley.endpoints where !isForeign(endpoint) && endpoint.rate != .health {
                let answer = try await Caller(base: installation.base).send(
                    method(endpoint), path(endpoint), json: endpoint.input == nil ? nil : [:])
                for name in ["X-Request-Id", "traceparent", "Cache-Control", "X-Content-Type-Options", "Parley-Version"] {
                    #expect(answer.header(name) != nil, "\(endpoint.id): \(name)")
                }
                #expect(answer.header("Vary")?.contains("Parley-Version") == true, "\(endpoint.id)")
            }
        }

        @Test func unknownVersionsQueriesAndFormsAreRefused() async throws {
            let installation = try Installation.on(.sqlite)
            let caller = installation.admin.caller
            let page = try await errorPage(caller)
            for endpoint in installation.parley.endpoints where endpoint.path.hasPrefix("/v1/") {
                let body: JSONValue? = endpoint.input == nil ? nil : [:]
                let version = try await caller.send(method(endpoint), path(endpoint), json: body, ["Parley-Version": "1999-01-01"])
                expectProblem(version, endpoint, page, status: 400...400)
                let query = try await caller.send(method(endpoint), path(endpoint) + "?no-such-parameter=1", json: body)
                expectProblem(query, endpoint, page)
            }
            for endpoint in installation.parley.endpoints where endpoint.method == .get {
                guard case .page = endpoint.output, case .installation = endpoint.access else { continue }
                let refused = try await caller.send(.get, path(endpoint), ["Accept": "image/png"])
                // What the path names may be looked for first.
                expectProblem(refused, endpoint, page, status: endpoint.path.contains("{") ? 404...406 : 406...406)
                guard !endpoint.path.contains("{") else { continue }
                for type in ["application/json", "application/x-ndjson", "text/csv", "application/yaml", "application/xml"] {
                    let answer = try await caller.send(.get, path(endpoint), ["Accept": type])
                    #expect(answer.status == 200 && answer.header("Content-Type")?.hasPrefix(type) == true, "\(endpoint.id)")
                }
            }
        }

        @Test func wrongBodiesAreRefused() async throws {
            let installation = try Installation.on(.sqlite)
            let caller = installation.admin.caller
            let page = try await errorPage(caller)
            let project = try await installation.admin.project()
            for endpoint in installation.parley.endpoints where endpoint.input != nil {
                let path = path(endpoint).replacing(/prj_[0-9A-Z]{26}/, with: project.id.description)
                // Where a change must say which version it means, that is asked for first.
                let match = endpoint.requiresPrecondition ? ["If-Match": "*"] : [:]
                func headers(_ more: [String: String]) -> [String: String] { match.merging(more) { $1 } }
                let type = try await caller.send(method(endpoint), path, bytes: [65], headers(["Content-Type": "image/png"]))
                expectProblem(type, endpoint, page, status: 415...415)
                let broken = try await caller.send(
                    method(endpoint), path, bytes: Array("{".utf8), headers(["Content-Type": "application/json"]))
                expectProblem(broken, endpoint, page, status: 400...400)
                let coding = try await caller.send(
                    method(endpoint), path, bytes: [65], headers(["Content-Type": "application/json", "Content-Encoding": "br"]))
                expectProblem(coding, endpoint, page, status: 415...415)
                let unknown = try await caller.send(method(endpoint), path, json: ["no_such_member": 1], match)
                if !isForeign(endpoint) { expectProblem(unknown, endpoint, page, status: 422...422) }
            }
        }

        @Test func everyChangeTakesAnIdempotencyKey() async throws {
            let installation = try Installation.on(.sqlite)
            let caller = installation.admin.caller
            for endpoint in installation.parley.endpoints where endpoint.method != .get && endpoint.access != .open && !isForeign(endpoint)
            {
                #expect(endpoint.isIdempotencyKeyed, "\(endpoint.id)")
                let refused = try await caller.send(
                    method(endpoint), path(endpoint), json: endpoint.input == nil ? nil : [:], ["Idempotency-Key": "not a key"])
                #expect(refused.status == 400, "\(endpoint.id)")
                if !isForeign(endpoint) { #expect(refused.problem == "idempotency.key_invalid", "\(endpoint.id)") }
            }
            let document = try await caller.send(.get, "/openapi.json").json
            for endpoint in installation.parley.endpoints where endpoint.isIdempotencyKeyed {
                let parameters = document["paths"]?[endpoint.path]?[endpoint.method.rawValue.lowercased()]?["parameters"]?.array ?? []
                #expect(parameters.contains { $0.resolved(in: document)["name"] == "Idempotency-Key" }, "\(endpoint.id)")
            }
        }
    }
}
