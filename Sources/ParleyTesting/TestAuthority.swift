@_spi(Authority) public import ParleyAuthority
public import ParleyCore

// The one door to principals and authorizers for tests; elsewhere authenticators and the composition of the product alone make them.

extension Principal {
    public static func test(
        _ user: UserID, role: Role = .user, key: KeyID? = nil, project: ProjectID? = nil, session: SessionID? = nil
    ) -> Principal {
        Principal(user: user, role: role, key: key, project: project, session: session)
    }
}

extension PrincipalReference {
    public static func test(_ user: UserID, key: KeyID? = nil) -> PrincipalReference { PrincipalReference(user: user, key: key) }
}

extension Authorizer {
    public static func test(_ memberships: any MembershipSource) -> Authorizer { Authorizer(memberships: memberships) }
}
