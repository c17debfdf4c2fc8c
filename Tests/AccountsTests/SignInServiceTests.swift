import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTesting
import Synchronization
import Testing

@_spi(Authority) @testable import Accounts

@Suite struct SignInServiceTests {
    private static let password = "seven ships at anchor"

    private struct House {
        let clock = HeldClock()
        let accounts: AccountService
        let signIn: SignInService
        let projects: ProjectService
        let operators: OperatorAuthenticator

        init(
            _ database: Database, _ passwords: PasswordConfiguration = PasswordConfiguration(), limits: SignInLimits = SignInLimits()
        ) {
            let events = Events(database: database, clock: clock)
            accounts = AccountService(database: database, events: events, clock: clock, passwords: passwords)
            signIn = SignInService(
                database: database, accounts: accounts, events: events, clock: clock,
                configuration: SignInService.Configuration(accessLifetime: .seconds(60), limits: limits))
            projects = ProjectService(database: database, events: events, clock: clock)
            operators = OperatorAuthenticator(database: database)
        }

        func firstAdmin() async throws -> SignedIn {
            let token = try #require(try await signIn.issueFirstRunToken())
            return try await signIn.firstRun(token: token, email: "ada@example.com", name: "Ada", password: password)
        }
    }

    private func house(_ dialect: Dialect, _ body: (House) async throws -> Void) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations + AccountsSchema.migrations) { try await body(House($0)) }
    }

    /// Two administrators take each other's role away at the same moment; likewise two owners of a project.
    @Test(arguments: TestDatabases.all)
    func ofTwoLastOnesOneRemains(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            let authorizer = Authorizer.test(house.projects)
            let manage = try authorizer.scope(ada.principal, .usersManage)
            let eve = try await house.accounts.add(
                NewUser(email: "eve@example.com", name: "Eve", password: Self.password, role: .admin), manage)
            let project = try await house.projects.add(
                name: "Handbook", description: "", authorizer.scope(ada.principal, .projectsCreate)
            ).project
            let owner = try await authorizer.scope(ada.principal, .projectManage, on: project.id)
            _ = try await house.projects.setMember(eve.id, role: .owner, owner)
            for _ in 0..<10 {
                let refusals = await withTaskGroup(of: ErrorCode?.self) { group in
                    for id in [ada.id, eve.id] {
                        group.addTask { await code { try await house.accounts.change(id, UserChange(role: .user), manage) } }
                        group.addTask { await code { try await house.projects.setMember(id, role: .viewer, owner) } }
                    }
                    return await group.reduce(into: [ErrorCode]()) { if let code = $1 { $0.append(code) } }
                }
                #expect(Set(refusals) == [.lastAdmin, .lastOwner] && refusals.count == 2)
                for id in [ada.id, eve.id] {
                    _ = try await house.accounts.change(id, UserChange(role: .admin), manage)
                    _ = try await house.projects.setMember(id, role: .owner, owner)
                }
            }
        }
    }

    private func code(_ body: () async throws -> some Sendable) async -> ErrorCode? {
        do { _ = try await body() } catch { return (error as? ParleyError)?.code ?? .internal }
        return nil
    }

    @Test(arguments: TestDatabases.all)
    func tokensEndWithTime(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let token = try #require(try await house.signIn.issueFirstRunToken())
            house.clock.advance(by: .seconds(86_401))
            let late = await #expect(throws: ParleyError.self) {
                try await house.signIn.firstRun(token: token, email: "ada@example.com", name: "Ada", password: Self.password)
            }
            #expect(late?.code == .firstRunRejected)
            let first = try await house.firstAdmin()
            #expect(try await house.signIn.principal(accessToken: first.accessToken)?.user == first.user.id)
            house.clock.advance(by: .seconds(61))
            #expect(try await house.signIn.principal(accessToken: first.accessToken) == nil)
            let second = try await house.signIn.refresh(first.refreshToken)
            #expect(try await house.signIn.principal(accessToken: second.accessToken)?.role == .admin)
            house.clock.advance(by: .seconds(31 * 86_400))
            let over = await #expect(throws: ParleyError.self) { try await house.signIn.refresh(second.refreshToken) }
            #expect(over?.code == .refreshRejected)
        }
    }

    @Test(arguments: TestDatabases.all)
    func ofManyWhoUseTheFirstLinkAtOnceOneGetsIn(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let token = try #require(try await house.signIn.issueFirstRunToken())
            let signIn = house.signIn
            let entered = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let email = "ada\(number)@example.com"
                        return (try? await signIn.firstRun(token: token, email: email, name: "Ada", password: Self.password)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(entered == 1)
        }
    }

    @Test(arguments: TestDatabases.all)
    func ofTwoWhoRefreshAtOnceAtMostOneKeepsTheSession(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let first = try await house.firstAdmin()
            let signIn = house.signIn
            let renewed = await withTaskGroup(of: SignedIn?.self) { group in
                for _ in 0..<4 { group.addTask { try? await signIn.refresh(first.refreshToken) } }
                return await group.reduce(into: [SignedIn]()) { list, signedIn in if let signedIn { list.append(signedIn) } }
            }
            #expect(renewed.count == 1)
            let isAlive = try await signIn.principal(accessToken: renewed.first?.accessToken ?? "") != nil
            #expect(!isAlive, "a token that was used twice ends the session for all")
        }
    }

    @Test(arguments: TestDatabases.all)
    func oneAdministratorRemains(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            let scope = try Authorizer.test(house.projects).scope(ada.principal, .usersManage)
            for change in [UserChange(role: .user), UserChange(disabled: true)] {
                let refused = await #expect(throws: ParleyError.self) { try await house.accounts.change(ada.id, change, scope) }
                #expect(refused?.code == .lastAdmin)
            }
            let grace = try await house.accounts.add(
                NewUser(email: "grace@example.com", name: "Grace", password: Self.password, role: .admin), scope)
            #expect(try await house.accounts.change(ada.id, UserChange(role: .user), scope).role == .user)
            #expect(try await house.operators.administrator()?.user == grace.id)
            let session = try await house.signIn.signIn(email: "grace@example.com", password: Self.password)
            _ = try await house.accounts.change(grace.id, UserChange(password: "eight ships at anchor"), scope)
            #expect(try await house.signIn.principal(accessToken: session.accessToken) == nil, "a new password ends all sessions")
        }
    }

    @Test(arguments: TestDatabases.all)
    func aHashIsMadeAnewAtSignInWhenItsCostChanges(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations + AccountsSchema.migrations) { database in
            let house = House(database)
            let ada = try await house.firstAdmin().user
            var dearer = PasswordConfiguration()
            dearer.passes = 3
            let later = House(database, dearer)
            _ = try? await later.signIn.signIn(email: ada.email, password: "not the password")
            func hash() async throws -> String? {
                try await database.read { connection in
                    try connection.row("SELECT password_hash FROM users WHERE id = \(ada.id)").map { try $0["password_hash"] }
                }
            }
            #expect(try await hash()?.contains("t=2,") == true)
            let entered = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<3 {
                    group.addTask { (try? await later.signIn.signIn(email: ada.email, password: Self.password)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(entered == 3, "those who sign in at once all get in")
            #expect(try await hash()?.contains("t=3,") == true)
            _ = try await house.signIn.signIn(email: ada.email, password: Self.password)
        }
    }

    @Test(arguments: TestDatabases.all)
    func theLastPasswordsCannotBeChosenAgain(_ dialect: Dialect) async throws {
        var passwords = PasswordConfiguration()
        passwords.history = 3
        try await TestDatabases.with(dialect, JobsSchema.migrations + AccountsSchema.migrations) { [passwords] database in
            let house = House(database, passwords)
            let ada = try await house.firstAdmin()
            let principal = try #require(try await house.signIn.principal(accessToken: ada.accessToken))
            let scope = try Authorizer.test(house.projects).scope(principal, .accountRead)
            var present = Self.password
            func change(_ new: String) async -> String? {
                house.clock.advance(by: .milliseconds(1))
                do {
                    try await house.accounts.changePassword(PasswordChange(current: present, new: new), scope)
                    present = new
                    return nil
                } catch { return (error as? ParleyError)?.fields.first.map { "\($0.pointer) \($0.message)" } ?? "\(error)" }
            }
            let names = ["one", "two", "three"].map { "\($0) copper lanterns walk" }
            for name in names { #expect(await change(name) == nil) }
            for name in names { #expect(await change(name)?.hasPrefix("/new_password is one that") == true, "\(name)") }
            #expect(await change(Self.password) == nil, "the fourth last is free again")
            let kept = try await database.read { try $0.rows("SELECT user_id FROM password_history").count }
            #expect(kept == 2)
        }
    }

    /// Pairs of sign-ins with and without an account, in turn: were one of them dearer, it would be the slower one of nearly every pair.
    @Test func timeDoesNotTellWhetherThereIsAnAccount() async throws {
        var limits = SignInLimits()
        limits.free = 1000
        try await TestDatabases.with(.sqlite, JobsSchema.migrations + AccountsSchema.migrations) { [limits] database in
            let house = House(database, limits: limits)
            let ada = try await house.firstAdmin().user
            let clock = ContinuousClock()
            func time(_ email: String) async -> Duration {
                await clock.measure {
                    let refused = await #expect(throws: ParleyError.self) {
                        try await house.signIn.signIn(email: email, password: "not the password")
                    }
                    #expect(refused?.code == .wrongCredentials)
                }
            }
            let pairs = 60
            var slower = 0
            for pair in 0..<pairs {
                let isFirst = pair.isMultiple(of: 2)
                let first = await time(isFirst ? ada.email : "nobody@example.com")
                let second = await time(isFirst ? "nobody@example.com" : ada.email)
                if isFirst ? first > second : second > first { slower += 1 }
            }
            // Under equal times the count is binomial: 30 give or take 3.9. Four and a half of these are seen once in 150,000 runs.
            #expect(abs(slower - pairs / 2) <= 18, "\(slower) of \(pairs)")
        }
    }

    private func refusal(_ house: House, _ attempt: SignInAttempt) async -> ParleyError? {
        await #expect(throws: ParleyError.self) { try await house.signIn.signIn(attempt) }
    }

    /// Alike for an account and for none: who guesses learns nothing.
    @Test(arguments: TestDatabases.all)
    func wrongPasswordsMakeTheNextTryWaitLongerAndLonger(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            for email in [ada.email, "nobody@example.com"] {
                let wrong = SignInAttempt(email: email, password: "not the password")
                for _ in 0..<5 { #expect(await refusal(house, wrong)?.code == .wrongCredentials) }
                for seconds in [1, 2, 4, 8] {
                    let waits = await refusal(house, SignInAttempt(email: email, password: Self.password))
                    #expect(waits?.code == .tooManyFailures && waits?.retryAfter == .seconds(seconds), "\(email): \(seconds)")
                    house.clock.advance(by: .seconds(seconds))
                    #expect(await refusal(house, wrong)?.code == .wrongCredentials)
                }
                for _ in 0..<10 {
                    house.clock.advance(by: .seconds(15 * 60))
                    #expect(await refusal(house, wrong)?.code == .wrongCredentials)
                }
                #expect(await refusal(house, wrong)?.retryAfter == .seconds(15 * 60), "it never gets longer than that")
            }
            house.clock.advance(by: .seconds(15 * 60))
            _ = try await house.signIn.signIn(email: ada.email, password: Self.password)
            #expect(await refusal(house, SignInAttempt(email: ada.email, password: "wrong"))?.code == .wrongCredentials, "counted anew")
        }
    }

    @Test(arguments: TestDatabases.all)
    func anAttackerDoesNotShutOutAKnownDevice(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            let device = try #require(try await house.signIn.signIn(email: ada.email, password: Self.password).deviceToken)
            for _ in 0..<5 { _ = await refusal(house, SignInAttempt(email: ada.email, password: "wrong")) }
            #expect(await refusal(house, SignInAttempt(email: ada.email, password: Self.password))?.code == .tooManyFailures)
            let known = SignInAttempt(email: ada.email, password: Self.password, device: device)
            #expect(try await house.signIn.signIn(known).deviceToken == nil, "it keeps its token")
            let forged = SignInAttempt(email: ada.email, password: Self.password, device: "forged")
            #expect(await refusal(house, forged)?.code == .tooManyFailures)
            for _ in 0..<5 { _ = await refusal(house, SignInAttempt(email: ada.email, password: "wrong", device: device)) }
            #expect(await refusal(house, known)?.code == .tooManyFailures, "a stolen token does not make guessing free")
        }
    }

    @Test(arguments: TestDatabases.all)
    func aDevicesTokenIsGoodForItsPersonAlone(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            let scope = try Authorizer.test(house.projects).scope(ada.principal, .usersManage)
            let eve = try await house.accounts.add(
                NewUser(email: "eve@example.com", name: "Eve", password: Self.password, role: .user), scope)
            let device = try #require(try await house.signIn.signIn(email: eve.email, password: Self.password).deviceToken)
            for _ in 0..<5 { _ = await refusal(house, SignInAttempt(email: ada.email, password: "wrong", device: device)) }
            let next = SignInAttempt(email: ada.email, password: Self.password, device: device)
            #expect(await refusal(house, next)?.code == .tooManyFailures)
            _ = try await house.signIn.signIn(SignInAttempt(email: eve.email, password: Self.password, device: device))
        }
    }

    @Test(arguments: TestDatabases.all)
    func anAdministratorLiftsTheDelay(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            let scope = try Authorizer.test(house.projects).scope(ada.principal, .usersManage)
            for _ in 0..<5 { _ = await refusal(house, SignInAttempt(email: ada.email, password: "wrong")) }
            #expect(await refusal(house, SignInAttempt(email: ada.email, password: Self.password))?.code == .tooManyFailures)
            try await house.signIn.liftDelay(of: ada.id, scope)
            _ = try await house.signIn.signIn(email: ada.email, password: Self.password)
        }
    }

    @Test(arguments: TestDatabases.all)
    func anAddressThatTriesManyAccountsWaits(_ dialect: Dialect) async throws {
        var limits = SignInLimits()
        limits.freeOfAddress = 8
        try await TestDatabases.with(dialect, JobsSchema.migrations + AccountsSchema.migrations) { [limits] database in
            let house = House(database, limits: limits)
            let ada = try await house.firstAdmin().user
            func attempt(_ email: String, from address: String) -> SignInAttempt {
                SignInAttempt(email: email, password: Self.password, remoteAddress: address)
            }
            for number in 0..<8 {
                #expect(await refusal(house, attempt("\(number)@example.com", from: "192.0.2.1"))?.code == .wrongCredentials)
            }
            #expect(await refusal(house, attempt(ada.email, from: "192.0.2.1"))?.code == .tooManyFailures)
            _ = try await house.signIn.signIn(attempt(ada.email, from: "192.0.2.2"))
            house.clock.advance(by: .seconds(1))
            _ = try await house.signIn.signIn(attempt(ada.email, from: "192.0.2.1"))
            #expect(await refusal(house, attempt("9@example.com", from: "192.0.2.1"))?.code == .wrongCredentials)
            let waits = await refusal(house, attempt(ada.email, from: "192.0.2.1"))
            #expect(waits?.retryAfter == .seconds(2), "an account of one's own clears nothing")
            house.clock.advance(by: .seconds(86_401))
            _ = await refusal(house, attempt("10@example.com", from: "192.0.2.2"))
            let kept = try await database.read { try $0.rows("SELECT subject FROM sign_in_failures").count }
            #expect(kept == 2, "what is a day old is forgotten")
        }
    }

    @Test(arguments: TestDatabases.all)
    func aDeletedProjectHasNoMembers(_ dialect: Dialect) async throws {
        try await house(dialect) { house in
            let ada = try await house.firstAdmin().user
            let authorizer = Authorizer.test(house.projects)
            let project = try await house.projects.add(name: "P", description: "", authorizer.scope(ada.principal, .projectsCreate)).project
            #expect(try await house.projects.projectRole(of: ada.id, in: project.id) == .owner)
            let scope = try await authorizer.scope(ada.principal, .projectManage, on: project.id)
            try await house.projects.delete(scope)
            #expect(try await house.projects.projectRole(of: ada.id, in: project.id) == nil)
            #expect(try await house.projects.projectExists(project.id) == false)
            let gone = await #expect(throws: ParleyError.self) { try await authorizer.scope(ada.principal, .projectRead, on: project.id) }
            #expect(gone?.code == .projectNotFound)
        }
    }
}

/// A clock that goes only when it is told to.
private final class HeldClock: WallClock {
    private let moment = Mutex(Timestamp(milliseconds: 1_790_000_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }
}

extension User {
    fileprivate var principal: Principal { .test(id, role: role) }
}
