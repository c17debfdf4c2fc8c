public import ParleyCore

extension ErrorCode {
    public static let wrongCredentials = Self("auth.wrong_credentials", .unauthenticated, "The e-mail address or the password is wrong")
    public static let tooManyFailures = Self("auth.too_many_failures", .tooManyRequests, "Too many failed sign-ins")
    public static let wrongPassword = Self("auth.wrong_password", .forbidden, "The present password is wrong")
    public static let refreshRejected = Self("auth.refresh_rejected", .unauthenticated, "The refresh token is not valid")
    public static let firstRunRejected = Self("auth.first_run_rejected", .forbidden, "The first-login link is not valid")
    public static let userNotFound = Self("user.not_found", .notFound, "There is no such user")
    public static let emailTaken = Self("user.email_taken", .conflict, "This e-mail address is in use")
    public static let lastAdmin = Self("user.last_admin", .conflict, "One active administrator must remain")
    public static let memberNotFound = Self("member.not_found", .notFound, "There is no such member")
    public static let lastOwner = Self("member.last_owner", .conflict, "One owner must remain")
    public static let invitationNotFound = Self("invitation.not_found", .notFound, "There is no such invitation")
    public static let invitationLimit = Self("invitation.too_many", .conflict, "The project has too many invitations")
    public static let keyNotFound = Self("key.not_found", .notFound, "There is no such API key")
    public static let keyLimit = Self("key.too_many", .conflict, "You have too many API keys")
}
