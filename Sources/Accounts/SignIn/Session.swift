import ParleyCore

/// One sign-in of one person: a short access token and a refresh token that changes with every use.
struct Session: Sendable {
    let id: SessionID
    let user: UserID
    var accessHash: String
    var accessExpiresAt: Timestamp
    /// Of what all its refresh tokens have in common.
    let familyHash: String
    /// Of the one refresh token that is good now.
    var refreshHash: String
    let expiresAt: Timestamp
    let createdAt: Timestamp
    var usedAt: Timestamp
}

/// What a person gets on signing in.
public struct SignedIn: Sendable {
    /// Sent as `Authorization: Bearer …`.
    public let accessToken: String
    /// How long the access token works, in seconds.
    public let expiresIn: Int
    /// Good for one refresh.
    public let refreshToken: String
    /// Proves at a later sign-in that the person has used this device before; nil where it is known already.
    public var deviceToken: String?
    public let user: User
}
