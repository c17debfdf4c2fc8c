public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Keeps people's accounts.
public struct AccountService: Sendable {
    let database: Database
    private let events: Events
    let clock: any WallClock
    let users = UserStore()
    let sessions = SessionStore()
    let history = PasswordHistoryStore()
    private let devices = KnownDeviceStore()
    private let keys = KeyStore()
    private let invitations = InvitationStore()
    let configuration: PasswordConfiguration
    let policy: PasswordPolicy
    let hasher: PasswordHasher

    public init(database: Database, events: Events, clock: any WallClock, passwords: PasswordConfiguration = PasswordConfiguration()) {
        (self.database, self.events, self.clock) = (database, events, clock)
        (configuration, policy, hasher) = (passwords, PasswordPolicy(passwords), PasswordHasher(passwords))
    }

    public func users(_ query: ListQuery, _ scope: Scope<UsersManage>) async throws -> ListSlice<User> {
        try await database.read { try users.users(query, in: $0) }
    }

    /// - Throws: `user.not_found`.
    public func user(_ id: UserID, _ scope: Scope<UsersManage>) async throws -> User { try await find(id) }

    /// - Throws: `user.not_found`.
    public func user(email: String, _ scope: Scope<UsersManage>) async throws -> User {
        let address = Self.normalize(email: email)
        guard let found = try await database.read({ try users.credentials(email: address, in: $0) }) else {
            throw ParleyError(.userNotFound, "There is no user with this e-mail address.")
        }
        return found.user
    }

    /// The caller's own account.
    public func me(_ scope: Scope<AccountRead>) async throws -> User { try await find(scope.principal.user) }

    /// - Throws: `user.email_taken`, `input.invalid`, `auth.not_by_key`.
    public func add(_ new: NewUser, _ scope: Scope<UsersManage>) async throws -> User {
        try scope.principal.requirePerson(to: "make accounts")
        let prepared = try await prepare(new)
        try await database.write { try insert(prepared, actor: scope.principal.user, in: $0) }
        return prepared.user
    }

    /// Changes an account. A new password and disabling end all its sessions and keys; with the right to invite end its invitations.
    /// - Throws: `user.not_found`, `user.last_admin`, `input.invalid`, `auth.not_by_key`.
    public func change(_ id: UserID, _ change: UserChange, _ scope: Scope<UsersManage>) async throws -> User {
        if change.givesRights { try scope.principal.requirePerson(to: "set passwords, give roles or enable accounts") }
        let before = try await find(id)
        var hash: String?
        if let password = change.password {
            try check(password, name: change.name ?? before.name, email: before.email)
            hash = try await self.hash(password)
        }
        let now = clock.now()
        return try await database.write { [hash] connection in
            let others = try users.lockActiveAdmins(in: connection).subtracting([id])
            guard var user = try users.user(id, in: connection) else { throw Self.unknown }
            user.name = change.name ?? user.name
            user.role = change.role ?? user.role
            if let disabled = change.disabled { user.disabledAt = disabled ? user.disabledAt ?? now : nil }
            user.updatedAt = now
            if hash != nil, let old = try users.passwordHash(of: id, in: connection) {
                try history.add(old, of: id, at: now, keeping: configuration.history - 1, in: connection)
            }
            try users.update(user, passwordHash: hash, in: connection)
            guard !others.isEmpty || (user.role == .admin && user.disabledAt == nil) else {
                throw ParleyError(.lastAdmin, "This is the last active administrator. Make another one first.")
            }
            let actor = scope.principal.user
            if hash != nil || user.disabledAt != nil { try endAccess(of: id, by: actor, in: connection) }
            try invitations.removeEnded(by: id, in: connection)
            try tell("user.changed", user, actor: actor, in: connection)
            return user
        }
    }

    /// Sessions go before keys: who makes a key holds their session until the key is there, so that it is found here.
    private func endAccess(of user: UserID, by actor: UserID, in connection: Connection) throws {
        try sessions.deleteAll(of: user, in: connection)
        try devices.deleteAll(of: user, in: connection)
        for key in try keys.deleteAll(of: user, in: connection) {
            try events.append(
                EventDraft(kind: "key.deleted", project: nil, subject: key.description, actor: actor, payload: .object([:])),
                in: connection)
        }
    }

    struct Prepared: Sendable {
        let user: User
        let passwordHash: String
    }

    /// Checks the input and does the slow hashing before any transaction opens.
    func prepare(_ new: NewUser) async throws -> Prepared {
        let email = Self.normalize(email: new.email)
        var wrong = Self.isAddress(email) ? [] : [Self.noAddress]
        wrong += policy.objections(to: new.password, name: new.name, email: email).map { FieldError("/password", $0) }
        guard wrong.isEmpty else { throw ParleyError(.invalidInput, "The account cannot be made so.", fields: wrong) }
        let now = clock.now()
        let user = User(id: UserID(at: now), email: email, name: new.name, role: new.role, createdAt: now, updatedAt: now)
        return Prepared(user: user, passwordHash: try await hash(new.password))
    }

    /// Hashes a password ahead of the transaction that will need it, for somebody who may set one.
    func prepareHash(of password: String, for principal: Principal) async throws {
        try principal.requirePerson(to: "set passwords")
        if policy.isLongEnough(password) { Preparation.current?.put(try await hasher.hash(password), for: password) }
    }

    /// Hashing takes tens of milliseconds of a core. It never happens while a transaction waits for it: on SQLite nobody else could write.
    func hash(_ password: String) async throws -> String {
        if let ready = Preparation.current?.take(password) { return ready }
        guard !database.isHeldByTask else {
            throw ParleyError(.internal, "A password was to be hashed while a transaction was open.")
        }
        return try await hasher.hash(password)
    }

    func insert(_ prepared: Prepared, actor: UserID, in connection: Connection) throws {
        do {
            try users.insert(prepared.user, passwordHash: prepared.passwordHash, in: connection)
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw ParleyError(.emailTaken, "There is already an account with this e-mail address.", cause: error)
        }
        try tell("user.added", prepared.user, actor: actor, in: connection)
    }

    private static func isAddress(_ email: String) -> Bool {
        let at = email.firstIndex(of: "@")
        return User.emailLength.contains(email) && at.map { $0 != email.startIndex && email.index(after: $0) != email.endIndex } ?? false
    }

    private static let noAddress = FieldError("/email", "must be an e-mail address")

    /// An address as accounts have it.
    /// - Throws: `input.invalid` when it is none.
    static func address(_ text: String) throws -> String {
        let email = normalize(email: text)
        guard isAddress(email) else { throw ParleyError(.invalidInput, "This is not an e-mail address.", fields: [noAddress]) }
        return email
    }

    static func normalize(email: String) -> String {
        String(email.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()).lowercased()
    }

    private func check(_ password: String, name: String, email: String) throws {
        if let objection = policy.objections(to: password, name: name, email: email).first {
            throw ParleyError(.invalidInput, "The password \(objection).", fields: [FieldError("/password", objection)])
        }
    }

    private func find(_ id: UserID) async throws -> User {
        guard let user = try await database.read({ try users.user(id, in: $0) }) else { throw Self.unknown }
        return user
    }

    func tell(_ kind: String, _ user: User, actor: UserID, in connection: Connection) throws {
        let payload: JSONValue = ["role": .string(user.role.rawValue), "disabled": .bool(user.disabledAt != nil)]
        try events.append(
            EventDraft(kind: kind, project: nil, subject: user.id.description, actor: actor, payload: payload), in: connection)
    }

    private static var unknown: ParleyError { ParleyError(.userNotFound, "There is no user with this id.") }
}
