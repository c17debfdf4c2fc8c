import Console
import Foundation
import NIOHTTP1
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// What the server shows of itself.
    @Suite struct SurfaceTests {
        @Test func theOpenAPIDocumentListsEveryEndpoint() async throws {
            let installation = try Installation.on(.sqlite)
            let document = try await Caller(base: installation.base).send(.get, "/openapi.json").json
            #expect(document["openapi"]?.string?.hasPrefix("3.1") == true)
            for endpoint in installation.parley.endpoints {
                let operation = document["paths"]?[endpoint.path]?[endpoint.method.rawValue.lowercased()]
                #expect(operation?["operationId"]?.string == endpoint.id, "\(endpoint.id)")
                let isOpen = operation?["security"]?.array?.isEmpty ?? true
                #expect(isOpen == (endpoint.access == .open), "\(endpoint.id)")
            }
            let listed = (document["paths"]?.object ?? [:]).values.reduce(0) { sum, path in
                sum + (path.object ?? [:]).keys.filter { ["get", "post", "put", "patch", "delete"].contains($0) }.count
            }
            #expect(listed == installation.parley.endpoints.count)
            let text = document.text
            for reference in text.matches(of: /"\$ref":"#\/components\/schemas\/([A-Za-z]+)"/) {
                #expect(document["components"]?["schemas"]?[String(reference.output.1)] != nil, "\(reference.output.1)")
            }
        }

        @Test func theReferenceShowsEveryEndpointAndEveryError() async throws {
            let installation = try Installation.on(.sqlite)
            let caller = Caller(base: installation.base)
            let page = try await caller.send(.get, "/docs").text
            for endpoint in installation.parley.endpoints { #expect(page.contains("\"\(endpoint.id)\""), "\(endpoint.id)") }
            let errors = try await caller.send(.get, "/docs/errors").text
            for code in ErrorCatalogue.all { #expect(errors.contains(code.name), "\(code.name)") }
        }

        @Test(arguments: TestDatabases.all)
        func healthNamesEveryDependency(_ dialect: Dialect) async throws {
            let caller = Caller(base: try Installation.on(dialect).base)
            let live = try await caller.send(.get, "/health/live")
            #expect(live.status == 200 && live.json["status"]?.string == "ok")
            let ready = try await caller.send(.get, "/health/ready")
            #expect(ready.status == 200, "\(ready.text)")
            let dependencies = ready.json["dependencies"]?.array ?? []
            #expect(
                Set(dependencies.compactMap { $0["name"]?.string }) == [
                    "database", "disk", "embedding_model", "jobs", "language_model", "reader", "remote_services",
                ])
            #expect(dependencies.first { $0["name"]?.string == "database" }?["detail"]?.string == dialect.rawValue)
            let probe = try await caller.send(.get, "/health/live", ["Host": "10.0.0.7"])
            #expect(probe.status == 200, "probes come by any name")
        }

        @Test func askingForHealthDoesNotStartTheLanguageModel() async throws {
            let settings = try testSettings(
                TemporaryFolder(),
                [
                    "answer-quotes-only": "false", "model-folder": InstalledFiles.path("models/SmolLM2-135M-Instruct"),
                    "inference-runtime": InstalledFiles.path("runtime/openvino"),
                ])
            let application = try await RunningApplication(settings)
            for _ in 0..<2 {
                let ready = try await Caller(base: application.base).send(.get, "/health/ready").json["dependencies"]?.array ?? []
                let model = try #require(ready.first { $0["name"]?.string == "language_model" })
                #expect(model["status"]?.string == "ok" && model["detail"]?.string?.contains("first question") == true)
            }
            try await application.stop()
        }

        @Test func metricsAreInPrometheusForm() async throws {
            let installation = try Installation.on(.sqlite)
            let project = try await installation.person().project()
            try await project.add()
            _ = try await project.search("office")
            let answer = try await Caller(base: installation.base).send(.get, "/metrics")
            #expect(answer.header("Content-Type")?.hasPrefix("text/plain; version=0.0.4") == true)
            for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.wholeMatch(of: /[a-z_]+(\{[^{}]*\})? [-+0-9.eInfNa]+/) != nil, "\(line)")
            }
            for name in ["parley_retrieval_search_seconds_count", "parley_jobs_total", "parley_http_request_seconds_count"] {
                #expect(answer.text.contains(name), "\(name)")
            }
        }

        @Test func theConsoleIsServedWhole() async throws {
            let caller = Caller(base: try Installation.on(.sqlite).base)
            let assets = ConsoleFiles().assets
            let folder = InstalledFiles.repository.appending(path: "Sources/Console/Files").resolvingSymlinksInPath()
            let tree = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
            var paths: Set = ["/", "/index.html", "/favicon.svg"]
            for case let file as URL in tree {
                guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
                let path = String(file.resolvingSymlinksInPath().path.dropFirst(folder.path.count))
                guard path != "/index.html" else { continue }
                paths.insert(assets + path)
                let answer = try await caller.send(.get, assets + path)
                let bytes = Array(try Data(contentsOf: file))
                #expect(answer.status == 200 && answer.bytes == bytes, "run script/embed-console: \(path)")
                #expect(answer.header("Cache-Control") == "public, max-age=31536000, immutable")
            }
            #expect(Set(ConsoleFiles().paths) == paths, "run script/embed-console")
            let page = try await caller.send(.get, "/")
            #expect(page.header("Cache-Control") == "private, no-cache")
            let references = page.text.matches(of: /(?:href|src)="([^"#][^"]*)"/).map { String($0.output.1) }.filter { $0 != "/docs" }
            #expect(references.count > 5 && references.allSatisfy(paths.contains), "\(references)")
        }
    }
}
