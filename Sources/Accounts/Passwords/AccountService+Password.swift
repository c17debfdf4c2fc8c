public import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// A person's change of their own password.
public struct PasswordChange: Sendable, Hashable {
    public var current: String
    public var new: String

    public init(current: String, new: String) { (self.current, self.new) = (current, new) }
}

extension AccountService {
    /// Changes the caller's own password and ends their other sessions. Their API keys stay.
    /// - Throws: `auth.wrong_password`, `input.invalid`, `auth.not_by_key`, `auth.required` when the session or the account ended in the meantime.
    public func changePassword(_ change: PasswordChange, _ scope: Scope<AccountRead>) async throws {
        let principal = scope.principal
        try principal.requirePerson(to: "change passwords")
        let (user, current, former) = try await database.read { connection in
            guard let user = try users.user(principal.user, in: connection),
                let hash = try users.passwordHash(of: principal.user, in: connection)
            else { throw Self.ended }
            let count = max(0, configuration.history - 1)
            return (user, hash, try history.hashes(of: user.id, atMost: count, in: connection))
        }
        guard try await hasher.verify(change.current, against: current) else {
            throw ParleyError(.wrongPassword, "This is not your present password.")
        }
        if let objection = policy.objections(to: change.new, name: user.name, email: user.email).first {
            throw Self.refused(objection)
        }
        for hash in (configuration.history > 0 ? [current] : []) + former where try await hasher.verify(change.new, against: hash) {
            throw Self.refused("is one that you have or had before")
        }
        let hash = try await self.hash(change.new)
        let now = clock.now()
        try await database.write { connection in
            guard try users.replacePassword(of: user.id, current, with: hash, at: now, in: connection) else { throw Self.ended }
            if let session = principal.session, try !sessions.hold(session, in: connection) { throw Self.ended }
            try sessions.deleteAll(of: user.id, except: principal.session, in: connection)
            try history.add(current, of: user.id, at: now, keeping: configuration.history - 1, in: connection)
            try tell("user.changed", user, actor: user.id, in: connection)
        }
    }

    private static func refused(_ objection: String) -> ParleyError {
        ParleyError(.invalidInput, "The password cannot be changed so.", fields: [FieldError("/new_password", objection)])
    }

    private static var ended: ParleyError { ParleyError(.unauthenticated, "The session or the account ended. Sign in again.") }
}
