public import ParleyCore

/// On whose behalf something is to be done later, as a row keeps it. No right stands in it: until then the person may have been demoted
/// or disabled, and the key that spoke for them may have ended.
public struct PrincipalReference: Hashable, Sendable {
    public let user: UserID
    /// The API key that speaks for the person; nil when they signed in themselves.
    public let key: KeyID?

    /// For the rows that keep one; otherwise it comes from a principal.
    @_spi(Authority)
    public init(user: UserID, key: KeyID? = nil) { (self.user, self.key) = (user, key) }
}

extension Principal {
    /// What is kept of the caller for work that is done later.
    public var reference: PrincipalReference { PrincipalReference(user: user, key: key) }
}

/// Tells who stands behind a reference now. Implemented by the accounts feature.
public protocol PrincipalSource: Sendable {
    /// The person with the rights that they have now; nil when they may not act any more, or the key that spoke for them has ended.
    func principal(_ reference: PrincipalReference) async throws -> Principal?
}
