public import ParleyAuthority
public import ParleyCore
import ParleyDatabase

/// A person who can sign in.
public struct User: Sendable, Hashable {
    static let emailLength = TextLength(3...254)
    static let nameLength = TextLength(1...200)

    public let id: UserID
    /// Lower-cased; unique on the installation.
    public var email: String
    public var name: String
    public var role: Role
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    /// Since when the account cannot sign in; nil for an active one.
    public var disabledAt: Timestamp?
}

/// What is needed to make a person's account.
public struct NewUser: Sendable, Hashable {
    public var email: String
    public var name: String
    public var password: String
    public var role: Role

    public init(email: String, name: String, password: String, role: Role) {
        (self.email, self.name, self.password, self.role) = (email, name, password, role)
    }
}

/// A change of a person's account; nil leaves a field as it is.
public struct UserChange: Sendable, Hashable {
    public var name: String?
    public var role: Role?
    public var password: String?
    public var disabled: Bool?

    public init(name: String? = nil, role: Role? = nil, password: String? = nil, disabled: Bool? = nil) {
        (self.name, self.role, self.password, self.disabled) = (name, role, password, disabled)
    }

    /// Whether the person may do more afterwards, or can get in by a secret that somebody else knows.
    var givesRights: Bool { password != nil || role != nil || disabled == false }
}
