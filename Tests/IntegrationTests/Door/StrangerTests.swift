import Accounts
import Foundation
import NIOHTTP1
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp
@testable import ParleyHTTP

extension WithInstallations {
    /// Every endpoint that is not open, asked by people who may not: made from the list of endpoints, so that none is forgotten.
    @Suite struct StrangerTests {
        @Test(arguments: TestDatabases.all)
        func withoutAGoodCredentialNothingIsGiven(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let ada = try await Household.two(on: installation).ada
            for (what, token) in try await Self.badCredentials(installation) {
                let nobody = Caller(base: installation.base, token: token)
                for endpoint in Self.closed(installation) {
                    let answer = try await ada.call(endpoint, nobody)
                    // Foreign protocols tell it in their own words.
                    let isTold = endpoint.path.hasPrefix("/v1/") ? answer.problem == "auth.required" : answer.json["error"] != nil
                    #expect(answer.status == 401 && isTold, "\(endpoint.id) with \(what): \(answer.status)")
                }
            }
        }

        /// What opens no door: nothing, and all that has ended.
        private static func badCredentials(_ installation: Installation) async throws -> [(what: String, token: String?)] {
            let (late, former, left) = (try await installation.person(), try await installation.person(), try await installation.person())
            let (ended, program) = (try await late.key(), try await late.key())
            let disabledKey = try await former.key().secret
            let session = try await installation.parley.signIn.open(.test(left.user.id))
            _ = try await left.caller.send(.post, "/v1/auth/sign-out", json: ["refresh_token": .string(session.refreshToken)])
            try #require(try await late.caller.send(.delete, "/v1/me/keys/" + ended.id).status == 204)
            let disabled = try await installation.admin.caller.send(
                .patch, "/v1/users/\(former.user.id)", json: ["disabled": true])
            try #require(disabled.status == 200)
            try await installation.parley.database.write { connection in
                let past = Timestamp(milliseconds: 1_700_000_000_000)
                try connection.execute("UPDATE sessions SET access_expires_at = \(past) WHERE user_id = \(late.user.id)")
                try connection.execute("UPDATE api_keys SET expires_at = \(past) WHERE id = \(program.id)")
            }
            return [
                ("nothing", nil), ("an unknown token", "no-such-token"), ("an unknown key", "parley_no-such-key"),
                ("an expired session", late.caller.token), ("a session that was signed out", session.accessToken),
                ("a deleted key", ended.secret), ("an expired key", program.secret), ("a disabled account", former.caller.token),
                ("a disabled account's key", disabledKey),
            ]
        }

        /// People with every right elsewhere, and a key of the owner's own for another project.
        @Test(arguments: TestDatabases.all)
        func strangersSeeNoProject(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (ada, eve) = try await Household.two(on: installation)
            let bound: JSONValue = ["name": "Elsewhere", "project_id": .string(try await ada.owner.project("Elsewhere").id.description)]
            let strangers: [(who: String, caller: Caller)] = [
                ("a stranger", try await installation.person().caller),
                ("a stranger who may only read", try await installation.person(.viewer).caller),
                ("another project's owner", eve.owner.caller), ("a key of theirs", try await eve.owner.key().program),
                ("the owner's key for another project", try await ada.owner.key(bound).program),
            ]
            for endpoint in Self.closed(installation) {
                guard case .project = endpoint.access else { continue }
                for (who, caller) in strangers {
                    let answer = try await ada.call(endpoint, caller)
                    #expect(answer.status == 404 && answer.problem == "project.not_found", "\(endpoint.id) by \(who): \(answer.status)")
                }
                let missing = try await ada.call(
                    endpoint, eve.owner.caller, with: ["project": ProjectID(at: Timestamp(Date())).description])
                #expect(missing.status == 404 && missing.problem == "project.not_found", "\(endpoint.id): \(missing.status)")
            }
        }

        /// Who asks beyond a project gets nothing that is somebody else's: by an id it is not there, and no list tells of it.
        @Test(arguments: TestDatabases.all)
        func whatIsPersonalIsItsPersonsAlone(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (ada, eve) = try await Household.two(on: installation)
            let bound: JSONValue = ["name": "Bound", "project_id": .string(eve.project.id.description)]
            let others: [(who: String, role: Role, caller: Caller)] = [
                ("somebody", .user, eve.owner.caller),
                ("somebody who may only read", .viewer, try await installation.person(.viewer).caller),
                ("a key", .user, try await eve.owner.key().program),
                ("a key for one project", .user, try await eve.owner.key(bound).program),
                ("an administrator", .admin, installation.admin.caller),
            ]
            // Language models are the installation's.
            let secrets = ada.ids.filter { $0.key != "language_model" }.values
            for endpoint in Self.closed(installation) {
                guard case .installation(let permission) = endpoint.access, endpoint.id != "mcp.post" else { continue }
                for (who, role, caller) in others {
                    // Administrators see everybody's accounts and projects, and keep the models.
                    if role == .admin, [.usersManage, .modelsManage].contains(permission) || endpoint.path.contains("{model}") { continue }
                    if endpoint.path.contains("{") {
                        let answer = try await ada.call(endpoint, caller)
                        #expect([403, 404].contains(answer.status), "\(endpoint.id) by \(who): \(answer.status)")
                    } else if endpoint.isForeign, endpoint.input?.example["model"] != nil, role != .admin {
                        let answer = try await ada.call(endpoint, caller)
                        #expect(answer.status == 404, "\(endpoint.id) by \(who): \(answer.status) \(answer.text)")
                    } else if endpoint.method == .get, role != .admin {
                        let answer = try await ada.call(endpoint, caller)
                        let told = secrets.filter { answer.text.contains($0) }
                        #expect(answer.status < 500 && told.isEmpty, "\(endpoint.id) tells \(who) of \(told)")
                    }
                }
            }
        }

        /// Every place for an id, in path, query and body, holds one of another project, while all others hold the caller's own.
        @Test(arguments: TestDatabases.all)
        func anOwnProjectLeadsToNoOther(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (ada, eve) = try await Household.two(on: installation)
            for endpoint in Self.closed(installation) where endpoint.id != "search.run" {
                guard case .project = endpoint.access else { continue }
                // Anybody can be made a member.
                for name in endpoint.pathParameters where name != "project" && name != "user" {
                    try await expectNothing(endpoint, name, eve.call(endpoint, eve.owner.caller, with: [name: ada.ids[name] ?? ""]))
                }
                for parameter in endpoint.query where parameter.shape.identifierPrefix != nil {
                    try await expectNothing(endpoint, parameter.name, eve.call(endpoint, eve.owner.caller, query: ada))
                }
                if let input = endpoint.input, input.namesThings {
                    try await expectNothing(endpoint, "body", eve.call(endpoint, eve.owner.caller, body: ada))
                }
            }
            let filters: JSONValue = ["documents": [.string(ada.ids["document"] ?? "")]]
            #expect(try await eve.project.search("office", filters: filters).isEmpty)
        }

        private func expectNothing(_ endpoint: Endpoint, _ place: String, _ answer: Answer) {
            if endpoint.id.hasSuffix(".bulk") {
                // Operations are answered one by one.
                return #expect(answer.status < 500 && answer.json["succeeded"]?.int ?? 0 == 0, "\(endpoint.id), \(place): \(answer.text)")
            }
            #expect([403, 404].contains(answer.status), "\(endpoint.id), \(place): \(answer.status) \(answer.text)")
        }

        /// The same as with ids that name nothing (see below), where everything is there and every body is right.
        @Test(arguments: TestDatabases.all, ProjectRole.allCases)
        func whatTheirRoleDoesNotAllowMembersCannotDo(_ dialect: Dialect, _ role: ProjectRole) async throws {
            let installation = try Installation.on(dialect)
            let ada = try await Household.two(on: installation).ada
            let (member, reader) = (try await installation.person(), try await installation.person(.viewer))
            for person in [member, reader] { try await installation.join(ada.project.id, person, as: role) }
            let program = try await member.key().program
            for endpoint in Self.closed(installation) {
                guard case .project(let permission) = endpoint.access else { continue }
                let callers: [(Caller, Role)] = [(member.caller, .user), (program, .user), (reader.caller, .viewer)]
                for (caller, own) in callers where !own.permissions(as: role).contains(permission) {
                    let answer = try await ada.call(endpoint, caller)
                    #expect(answer.status == 403, "\(endpoint.id) as \(role): \(answer.status)")
                }
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
