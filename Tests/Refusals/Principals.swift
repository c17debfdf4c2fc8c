// Authenticators alone make principals, and the authorizer alone makes scopes.
import Accounts
import ParleyAuthority
import ParleyCore
import ParleyDatabase

struct Everywhere: MembershipSource {
    func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole? { .owner }
    func projectExists(_ project: ProjectID) async throws -> Bool { true }
}

func byHand(_ user: UserID, _ project: ProjectID, _ principal: Principal, _ authorizer: Authorizer, _ database: Database) throws {
    _ = principal.reference
    _ = try authorizer.scope(principal, .accountRead)
    // refused: '@_spi' protection level
    _ = Principal(user: user, role: .admin)
    // refused: '@_spi' protection level
    _ = PrincipalReference(user: user)
    // refused: '@_spi' protection level
    _ = Authorizer(memberships: Everywhere())
    // refused: '@_spi' protection level
    _ = OperatorAuthenticator(database: database)
    // refused: '@_spi' protection level
    _ = OperatorScope()
    // refused: 'internal' protection level
    _ = Scope<UsersManage>(principal)
    // refused: 'internal' protection level
    _ = ProjectScope<DocumentsRead>(principal, project)
}
