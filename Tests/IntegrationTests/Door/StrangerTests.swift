import Foundation
import NIOHTTP1
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyTesting
import Testing

@testable import ParleyApp

extension WithInstallations {
    /// Every endpoint that is not open, asked by people who may not: made from the list of endpoints, so that none is forgotten.
    @Suite struct StrangerTests {
        @Test(arguments: TestDatabases.all)
        func withoutTokenNothingIsGiven(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project()
            for token in [nil, "no-such-token"] {
                let nobody = Caller(base: installation.base, token: token)
                for endpoint in Self.closed(installation) {
                    let answer = try await Self.call(endpoint, project.id, nobody)
                    // Foreign protocols tell it in their own words.
                    let isTold = endpoint.path.hasPrefix("/v1/") ? answer.problem == "auth.required" : answer.json["error"] != nil
                    #expect(answer.status == 401 && isTold, "\(endpoint.id): \(answer.status)")
                }
            }
        }

        @Test(arguments: TestDatabases.all)
        func strangersSeeNoProject(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project()
            let stranger = try await installation.person()
            for endpoint in Self.closed(installation) {
                guard case .project = endpoint.access else { continue }
                let answer = try await Self.call(endpoint, project.id, stranger.caller)
                #expect(answer.status == 404 && answer.problem == "project.not_found", "\(endpoint.id): \(answer.status)")
                let missing = try await Self.call(endpoint, ProjectID(at: Timestamp(Date())), stranger.caller)
                #expect(missing.status == 404 && missing.problem == "project.not_found", "\(endpoint.id): \(missing.status)")
            }
        }

        @Test(arguments: TestDatabases.all, Role.allCases)
        func rolesOfTheInstallationHold(_ dialect: Dialect, _ role: Role) async throws {
            let installation = try Installation.on(dialect)
            let person = try await installation.person(role)
            for endpoint in Self.closed(installation) {
                guard case .installation(let permission) = endpoint.access else { continue }
                let answer = try await Self.call(endpoint, ProjectID(at: Timestamp(Date())), person.caller)
                let isRefused = answer.status == 403 && answer.problem == "auth.forbidden"
                #expect(isRefused != role.permissions.contains(permission), "\(endpoint.id) as \(role): \(answer.status)")
            }
        }

        @Test(arguments: TestDatabases.all, ProjectRole.allCases)
        func rolesOfTheProjectHold(_ dialect: Dialect, _ role: ProjectRole) async throws {
            let installation = try Installation.on(dialect)
            for endpoint in Self.closed(installation) {
                guard case .project(let permission) = endpoint.access else { continue }
                let project = try await Self.sharedProject(installation, role)
                let answer = try await Self.call(endpoint, project.project, project.member.caller)
                let isRefused = answer.status == 403 && answer.problem == "auth.forbidden"
                #expect(isRefused != role.permissions.contains(permission), "\(endpoint.id) as \(role): \(answer.status)")
                #expect(answer.status != 401 && answer.problem != "project.not_found", "\(endpoint.id) as \(role): \(answer.status)")
            }
        }

        @Test(arguments: TestDatabases.all)
        func viewersOfTheInstallationWriteNothingWhateverTheirMembership(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let project = try await installation.admin.project()
            let viewer = try await installation.person(.viewer)
            try await installation.join(project.id, viewer, as: .owner)
            let answer = try await viewer.sees(project).upload("text")
            #expect(answer.status == 403)
            #expect(try await viewer.caller.send(.patch, project.path, json: ["name": "Mine"]).status == 403)
            #expect(try await viewer.caller.send(.get, project.path).status == 200)
        }

        @Test(arguments: TestDatabases.all)
        func aThreadIsItsOwnersAlone(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let owner = try await installation.person()
            let project = try await owner.project()
            let other = try await installation.person()
            try await installation.join(project.id, other, as: .owner)
            let thread = try await project.thread()
            let answer = try await project.ask("Anything?", in: thread)
            for caller in [other.caller, installation.admin.caller] {
                for path in [thread, thread + "/messages", answer, answer + "/events"] {
                    let refused = try await caller.send(.get, path)
                    #expect(refused.status == 404 && refused.problem == "thread.not_found", "\(path)")
                }
                #expect(try await caller.send(.post, answer + "/cancel").problem == "thread.not_found")
                #expect(try await caller.send(.post, thread + "/messages", json: ["content": "Hm?"]).problem == "thread.not_found")
                #expect(try await caller.send(.get, project.threads).ids.isEmpty)
            }
        }

        @Test(arguments: TestDatabases.all)
        func aDocumentIsReachedThroughItsOwnProjectAlone(_ dialect: Dialect) async throws {
            let person = try await Installation.on(dialect).person()
            let (project, other) = (try await person.project(), try await person.project())
            let document = try #require(try await project.upload("some words").json["id"]?.string)
            for path in ["", "/text", "/content"] {
                let answer = try await person.caller.send(.get, other.documents + "/" + document + path)
                #expect(answer.problem == "document.not_found", "\(path)")
            }
            #expect(try await person.caller.send(.delete, other.documents + "/" + document).problem == "document.not_found")
            #expect(try await person.caller.send(.get, project.documents + "/" + document).status == 200)
        }

        private static func closed(_ installation: Installation) -> [Endpoint] {
            installation.parley.endpoints.filter { $0.access != .open }
        }

        private static func sharedProject(_ installation: Installation, _ role: ProjectRole) async throws -> (
            project: ProjectID, member: Person
        ) {
            let project = try await installation.admin.project()
            let member = try await installation.person()
            try await installation.join(project.id, member, as: role)
            return (project.id, member)
        }

        /// Calls an endpoint with ids that name nothing, in this project.
        private static func call(_ endpoint: Endpoint, _ project: ProjectID, _ caller: Caller) async throws -> Answer {
            let now = Timestamp(Date())
            let ids = [
                "project": project.description, "document": DocumentID(at: now).description, "thread": ThreadID(at: now).description,
                "message": MessageID(at: now).description, "user": UserID(at: now).description,
            ]
            let path = endpoint.path.split(separator: "/").map { segment in
                segment.hasPrefix("{") ? ids[String(segment.dropFirst().dropLast())] ?? "unknown" : String(segment)
            }
            let body: JSONValue? = endpoint.input == nil ? nil : [:]
            let method = HTTPMethod(rawValue: endpoint.method.rawValue)
            let bytes: [UInt8]? = endpoint.accepts.isEmpty ? nil : [65]
            return try await caller.send(method, "/" + path.joined(separator: "/"), json: body, bytes: bytes)
        }
    }
}
