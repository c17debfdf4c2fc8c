import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTesting
import Testing

@testable import Accounts

@Suite struct KeyServiceTests {
    /// A request whose body comes slowly was let in before the session ended.
    @Test(arguments: TestDatabases.all)
    func aKeyIsMadeOnlyWhileTheSessionIsOpen(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, JobsSchema.migrations + AccountsSchema.migrations) { database in
            let clock = SystemClock()
            let events = Events(database: database, clock: clock)
            let accounts = AccountService(database: database, events: events, clock: clock)
            let signIn = SignInService(
                database: database, accounts: accounts, events: events, clock: clock, configuration: SignInService.Configuration())
            let authorizer = Authorizer.test(ProjectService(database: database, events: events, clock: clock))
            let keys = KeyService(database: database, events: events, authorizer: authorizer, clock: clock)
            let token = try #require(try await signIn.issueFirstRunToken())
            let entered = try await signIn.firstRun(
                token: token, email: "ada@example.com", name: "Ada", password: "seven ships at anchor")
            let ada = try #require(try await signIn.principal(accessToken: entered.accessToken))
            let own = try authorizer.scope(ada, .keysManage)
            let first = try await keys.add(name: "Program", project: nil, expiresAt: nil, own)
            let program = try #require(try await keys.principal(secret: first.secret))
            let byKey = #expect(throws: ParleyError.self) { try authorizer.scope(program, .keysManage) }
            #expect(byKey?.code == .notByKey)

            let manage = try authorizer.scope(ada, .usersManage)
            _ = try await accounts.change(ada.user, UserChange(password: "eight ships at anchor"), manage)
            let late = await #expect(throws: ParleyError.self) { try await keys.add(name: "Late", project: nil, expiresAt: nil, own) }
            #expect(late?.code == .unauthenticated)
            #expect(try await keys.principal(secret: first.secret) == nil)
            let left = try await database.read { try $0.rows("SELECT id FROM api_keys").count }
            #expect(left == 0)
        }
    }
}
