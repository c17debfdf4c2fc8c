import Accounts
import Foundation
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyTesting
import Testing

@testable import ParleyApp

@Suite struct FirstRunTests {
    @Test func theFirstLoginTokenWorksOnceAlone() async throws {
        let application = try await RunningApplication(testSettings(TemporaryFolder()))
        let earlier = try #require(try await application.parley.signIn.issueFirstRunToken())
        let token = try #require(try await application.parley.signIn.issueFirstRunToken())
        let nobody = Caller(base: application.base)
        func enter(_ token: String, _ password: String = "a long and quiet river") async throws -> Answer {
            try await nobody.send(
                .post, "/v1/auth/first-run",
                json: ["token": .string(token), "email": "Ada@Example.com", "name": "Ada", "password": .string(password)])
        }
        #expect(try await enter(earlier).problem == "auth.first_run_rejected", "a later link takes the place of an earlier one")
        let weak = try await enter(token, "short")
        #expect(weak.status == 422 && weak.problem == "input.invalid", "a password that is refused does not spend the link")
        let entered = try await enter(token)
        #expect(entered.status == 200 && entered.json["user"]?["role"]?.string == "admin")
        #expect(entered.header("Cache-Control") == "no-store")
        #expect(try await enter(token).problem == "auth.first_run_rejected")
        #expect(try await application.parley.signIn.issueFirstRunToken() == nil)
        let me = try await Caller(base: application.base, token: entered.json["access_token"]?.string).send(.get, "/v1/me")
        #expect(me.json["email"]?.string == "ada@example.com")
        let again = try await nobody.send(
            .post, "/v1/auth/sign-in", json: ["email": " ADA@example.com", "password": "a long and quiet river"])
        #expect(again.status == 200)
        try await application.stop()
    }
}

extension WithInstallations {
    @Suite struct SignInTests {
        private static let password = "seven ships at anchor"

        private func account(_ installation: Installation) async throws -> (id: String, email: String) {
            let email = "\(UUID().uuidString.lowercased())@example.com"
            let made = try await installation.admin.caller.send(
                .post, "/v1/users", json: ["email": .string(email), "name": "Grace", "password": .string(Self.password)])
            try #require(made.status == 201, "\(made.text)")
            #expect(!made.text.contains(Self.password) && !made.text.contains("argon2"))
            return (try #require(made.json["id"]?.string), email)
        }

        private func signIn(_ installation: Installation, _ email: String, _ password: String = password) async throws -> Answer {
            try await Caller(base: installation.base).send(
                .post, "/v1/auth/sign-in", json: ["email": .string(email), "password": .string(password)])
        }

        @Test(arguments: TestDatabases.all)
        func aRefreshTokenUsedTwiceEndsItsSession(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let nobody = Caller(base: installation.base)
            func refresh(_ token: JSONValue) async throws -> Answer {
                try await nobody.send(.post, "/v1/auth/refresh", json: ["refresh_token": token])
            }
            func works(_ token: JSONValue) async throws -> Bool {
                try await Caller(base: installation.base, token: token.string).send(.get, "/v1/me").status == 200
            }
            let first = try await signIn(installation, try await account(installation).email).json
            let second = try await refresh(try #require(first["refresh_token"])).json
            let (old, new) = (try #require(first["access_token"]), try #require(second["access_token"]))
            #expect(try await works(old) == false)
            #expect(try await works(new))
            #expect(try await refresh(try #require(first["refresh_token"])).problem == "auth.refresh_rejected")
            #expect(try await works(new) == false, "somebody copied a token: nobody keeps the session")
            #expect(try await refresh(try #require(second["refresh_token"])).problem == "auth.refresh_rejected")
        }

        @Test(arguments: TestDatabases.all)
        func oneChangesOnesOwnPassword(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (_, email) = try await account(installation)
            let (here, there) = (try await signIn(installation, email).json, try await signIn(installation, email).json)
            let caller = Caller(base: installation.base, token: here["access_token"]?.string)
            let elsewhere = Caller(base: installation.base, token: there["access_token"]?.string)
            let key = try await caller.send(.post, "/v1/me/keys", json: ["name": "Program"]).json["secret"]?.string
            func change(_ current: String, _ new: String, by caller: Caller) async throws -> Answer {
                try await caller.send(
                    .post, "/v1/me/password", json: ["current_password": .string(current), "new_password": .string(new)])
            }
            func pointer(_ answer: Answer) -> String? { answer.json["errors"]?.array?.first?["pointer"]?.string }
            let new = "copper lantern walks 48"
            let wrong = try await change("not the password", new, by: caller)
            #expect(wrong.status == 403 && wrong.problem == "auth.wrong_password", "\(wrong.text)")
            let weak = try await change(Self.password, "password1234", by: caller)
            #expect(weak.status == 422 && pointer(weak) == "/new_password" && weak.text.contains("too easy to guess"), "\(weak.text)")
            #expect(try await change(Self.password, Self.password, by: caller).status == 422)
            let program = Caller(base: installation.base, token: key)
            #expect(try await change(Self.password, new, by: program).problem == "auth.not_by_key")

            let changed = try await change(Self.password, new, by: caller)
            #expect(changed.status == 204 && changed.header("Cache-Control") == "no-store", "\(changed.text)")
            #expect(try await caller.send(.get, "/v1/me").status == 200)
            #expect(try await elsewhere.send(.get, "/v1/me").status == 401)
            #expect(try await program.send(.get, "/v1/me").status == 200)
            #expect(try await signIn(installation, email).problem == "auth.wrong_credentials")
            #expect(try await signIn(installation, email, new).status == 200)
        }

        @Test(arguments: TestDatabases.all)
        func theOldestTokenOfTheFamilyEndsTheSessionToo(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let nobody = Caller(base: installation.base)
            let (id, email) = try await account(installation)
            let spared = try await signIn(installation, email).json
            var tokens = [try await signIn(installation, email).json]
            for _ in 0..<3 {
                let token = try #require(tokens.last?["refresh_token"])
                tokens.append(try await nobody.send(.post, "/v1/auth/refresh", json: ["refresh_token": token]).json)
            }
            let access = try #require(tokens.last?["access_token"]?.string)
            let caller = Caller(base: installation.base, token: access)
            #expect(try await caller.send(.get, "/v1/me").status == 200)
            let first = try #require(tokens.first?["refresh_token"])
            let reused = try await nobody.send(.post, "/v1/auth/refresh", json: ["refresh_token": first])
            #expect(reused.status == 401 && reused.problem == "auth.refresh_rejected")
            #expect(try await caller.send(.get, "/v1/me").problem == "auth.required", "three generations back is noticed too")
            let told = try await installation.parley.database.read { connection in
                try connection.rows("SELECT subject FROM events WHERE kind = 'session.token_reused' AND actor_id = \(UserID(id))")
            }
            #expect(told.count == 1)
            let other = Caller(base: installation.base, token: spared["access_token"]?.string)
            #expect(try await other.send(.get, "/v1/me").status == 200, "the person's other session goes on")
        }

        @Test(arguments: TestDatabases.all)
        func anyTokenOfTheFamilySignsOut(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let nobody = Caller(base: installation.base)
            let first = try await signIn(installation, try await account(installation).email).json
            var last = first
            for _ in 0..<2 {
                let token = try #require(last["refresh_token"])
                last = try await nobody.send(.post, "/v1/auth/refresh", json: ["refresh_token": token]).json
            }
            let caller = Caller(base: installation.base, token: last["access_token"]?.string)
            // Nobody ends a session without having held one of its tokens.
            let guess = String((last["refresh_token"]?.string ?? "").reversed())
            #expect(try await nobody.send(.post, "/v1/auth/sign-out", json: ["refresh_token": .string(guess)]).status == 204)
            #expect(try await caller.send(.get, "/v1/me").status == 200)
            let out = try await nobody.send(.post, "/v1/auth/sign-out", json: ["refresh_token": try #require(first["refresh_token"])])
            #expect(out.status == 204)
            #expect(try await caller.send(.get, "/v1/me").problem == "auth.required")
        }

        @Test(arguments: TestDatabases.all)
        func signingOutEndsTheSession(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let session = try await signIn(installation, try await account(installation).email).json
            let caller = Caller(base: installation.base, token: session["access_token"]?.string)
            #expect(try await caller.send(.get, "/v1/me").status == 200)
            let out = try await caller.send(.post, "/v1/auth/sign-out", json: ["refresh_token": try #require(session["refresh_token"])])
            #expect(out.status == 204)
            #expect(try await caller.send(.get, "/v1/me").problem == "auth.required")
        }

        @Test func wrongAddressAndWrongPasswordLookAlike() async throws {
            let installation = try Installation.on(.sqlite)
            let email = try await account(installation).email
            let answers = [
                try await signIn(installation, email, "not the password"), try await signIn(installation, "nobody@example.com"),
            ]
            for answer in answers { #expect(answer.status == 401 && answer.problem == "auth.wrong_credentials") }
            #expect(answers[0].json["detail"] == answers[1].json["detail"])
        }

        @Test(arguments: TestDatabases.all)
        func disablingAnAccountEndsItsSessions(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let (id, email) = try await account(installation)
            let caller = Caller(base: installation.base, token: try await signIn(installation, email).json["access_token"]?.string)
            let disabled = try await installation.admin.caller.send(.patch, "/v1/users/" + id, json: ["disabled": true])
            #expect(disabled.status == 200 && disabled.json["disabled"]?.bool == true)
            #expect(try await caller.send(.get, "/v1/me").status == 401)
            #expect(try await signIn(installation, email).problem == "auth.wrong_credentials")
            _ = try await installation.admin.caller.send(.patch, "/v1/users/" + id, json: ["disabled": false])
            #expect(try await signIn(installation, email).status == 200)
        }

        @Test(arguments: TestDatabases.all)
        func theLastAdministratorAndTheLastOwnerStay(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let owner = try await installation.person()
            let project = try await owner.project()
            let member = project.path + "/members/\(owner.user.id)"
            #expect(try await owner.caller.send(.delete, member).problem == "member.last_owner")
            #expect(try await owner.caller.send(.put, member, json: ["role": "viewer"]).problem == "member.last_owner")
            let friend = try await installation.person()
            try await installation.join(project.id, friend, as: .owner)
            #expect(try await friend.caller.send(.delete, member).status == 204)
            #expect(try await owner.caller.send(.get, project.path).problem == "project.not_found")
        }

        @Test(arguments: TestDatabases.all)
        func anAddressIsTakenOnce(_ dialect: Dialect) async throws {
            let installation = try Installation.on(dialect)
            let email = try await account(installation).email
            let second = try await installation.admin.caller.send(
                .post, "/v1/users", json: ["email": .string(email.uppercased()), "name": "G", "password": .string(Self.password)])
            #expect(second.status == 409 && second.problem == "user.email_taken")
        }

        @Test func everyMistakeInAFormIsToldAtOnce() async throws {
            let installation = try Installation.on(.sqlite)
            let answer = try await installation.admin.caller.send(
                .post, "/v1/users", json: ["email": 7, "password": "", "role": "emperor", "shoe_size": 44])
            #expect(answer.status == 422 && answer.problem == "input.invalid")
            let pointers = Set((answer.json["errors"]?.array ?? []).compactMap { $0["pointer"]?.string })
            #expect(pointers == ["/email", "/name", "/password", "/role", "/shoe_size"])
        }
    }
}
