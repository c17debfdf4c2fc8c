public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Lets people in: the first administrator by a one-time link, everybody by password, and on from there by refresh token.
public struct SignInService: Sendable {
    /// How long things last, and what failed sign-ins lead to.
    public struct Configuration: Sendable {
        public var accessLifetime: Duration
        public var sessionLifetime: Duration
        public var limits: SignInLimits

        public init(
            accessLifetime: Duration = .seconds(15 * 60), sessionLifetime: Duration = .seconds(30 * 86_400),
            limits: SignInLimits = SignInLimits()
        ) {
            (self.accessLifetime, self.sessionLifetime, self.limits) = (accessLifetime, sessionLifetime, limits)
        }
    }

    private static let firstRunLifetime = Duration.seconds(86_400)

    private let database: Database
    private let accounts: AccountService
    private let events: Events
    private let clock: any WallClock
    private let configuration: Configuration
    private let users = UserStore()
    private let sessions = SessionStore()
    private let failures = SignInFailureStore()
    private let devices = KnownDeviceStore()

    public init(database: Database, accounts: AccountService, events: Events, clock: any WallClock, configuration: Configuration) {
        (self.database, self.accounts, self.events) = (database, accounts, events)
        (self.clock, self.configuration) = (clock, configuration)
    }

    /// A new one-time token for the first administrator, replacing an earlier one; nil once anybody has an account.
    public func issueFirstRunToken() async throws -> String? {
        let token = Token()
        let expiry = clock.now() + Self.firstRunLifetime
        return try await database.write { connection in
            try connection.execute("DELETE FROM first_run")
            guard try users.isEmpty(in: connection) else { return nil }
            try connection.execute("INSERT INTO first_run (token_hash, expires_at) VALUES (\(token.hash), \(expiry))")
            return token.text
        }
    }

    /// Makes the first administrator and signs them in. The token works once, and only while there is no account.
    /// - Throws: `auth.first_run_rejected`, `input.invalid`.
    public func firstRun(token: String, email: String, name: String, password: String) async throws -> SignedIn {
        let prepared = try await accounts.prepare(NewUser(email: email, name: name, password: password, role: .admin))
        let now = clock.now()
        return try await database.write { connection in
            let spent = try connection.execute(
                "DELETE FROM first_run WHERE token_hash = \(Token.hash(token)) AND expires_at > \(now)")
            guard spent == 1, try users.isEmpty(in: connection) else {
                throw ParleyError(
                    .firstRunRejected,
                    "The first-login link has been used or has expired. Start the server again, or run `parley user first-login`, for a new one."
                )
            }
            try accounts.insert(prepared, actor: prepared.user.id, in: connection)
            return try open(prepared.user, at: now, in: connection)
        }
    }

    /// - Throws: `auth.wrong_credentials`, the same whether the address or the password is wrong; `auth.too_many_failures` with the time
    ///   to wait, whether or not there is such an account.
    public func signIn(_ attempt: SignInAttempt) async throws -> SignedIn {
        // A hash that is replaced in between (a new password, or another sign-in that renews the hash) is looked at once more.
        for _ in 0..<2 {
            let known = try await look(at: attempt)
            let matches = try await accounts.hasher.verify(attempt.password, against: known.credentials?.hash)
            guard matches, let credentials = known.credentials, credentials.user.disabledAt == nil else {
                try await note(known.subjects)
                break
            }
            if let signedIn = try await open(credentials, attempt, known) { return signedIn }
        }
        throw ParleyError(.wrongCredentials, "The e-mail address or the password is wrong.")
    }

    public func signIn(email: String, password: String) async throws -> SignedIn {
        try await signIn(SignInAttempt(email: email, password: password))
    }

    private func look(at attempt: SignInAttempt) async throws -> Known {
        let now = clock.now()
        return try await database.read { connection in
            let isKnownDevice = try attempt.deviceHash.map { try devices.isKnown($0, email: attempt.email, in: connection) } ?? false
            let subjects = attempt.subjects(isKnownDevice: isKnownDevice)
            if let until = try failures.blocked(subjects.all, at: now, in: connection) {
                throw ParleyError(
                    .tooManyFailures, "Signing in failed too often. Wait a while, or ask an administrator.", retryAfter: until - now)
            }
            let credentials = try users.credentials(email: attempt.email, in: connection).map {
                Known.Credentials(user: $0.user, hash: $0.passwordHash)
            }
            return Known(credentials: credentials, isDevice: isKnownDevice, subjects: subjects)
        }
    }

    private func note(_ subjects: SignInAttempt.Subjects) async throws {
        let (now, limits) = (clock.now(), configuration.limits)
        try await database.write { connection in
            try failures.forget(before: now - limits.forget, in: connection)
            try failures.add(subjects.person, free: limits.free, limits, at: now, in: connection)
            if let address = subjects.address { try failures.add(address, free: limits.freeOfAddress, limits, at: now, in: connection) }
        }
    }

    /// A session for somebody whose password was right, with its hash renewed when the cost of hashes has changed; nil when the hash
    /// has been replaced or the account disabled in the meantime. The address's failures stay: who has one account may be after others.
    private func open(_ credentials: Known.Credentials, _ attempt: SignInAttempt, _ known: Known) async throws -> SignedIn? {
        let hasher = accounts.hasher
        let renewed = hasher.isOutdated(credentials.hash) ? try await hasher.hash(attempt.password) : nil
        let (now, id) = (clock.now(), credentials.user.id)
        return try await database.write { connection in
            try sessions.deleteExpired(before: now, in: connection)
            guard try users.hold(id, passwordHash: credentials.hash, in: connection) else { return nil }
            if let renewed { try users.rehash(id, credentials.hash, with: renewed, in: connection) }
            try failures.forget(known.subjects.person, in: connection)
            var signedIn = try open(credentials.user, at: now, in: connection)
            if known.isDevice, let device = attempt.deviceHash {
                try devices.use(device, at: now, in: connection)
            } else {
                let token = Token()
                try devices.add(token.hash, of: id, at: now, in: connection)
                signedIn.deviceToken = token.text
            }
            return signedIn
        }
    }

    /// Forgets the failed sign-ins to an account, so that its person need not wait.
    /// - Throws: `user.not_found`, `auth.not_by_key`.
    public func liftDelay(of user: UserID, _ scope: Scope<UsersManage>) async throws {
        try scope.principal.requirePerson(to: "lift the delay of sign-ins")
        try await database.write { connection in
            guard let user = try users.user(user, in: connection) else {
                throw ParleyError(.userNotFound, "There is no user with this id.")
            }
            try failures.forget(SignInAttempt.account(user.email), in: connection)
        }
    }

    /// A fresh pair of tokens for a refresh token. One of the session's that is not the present one ends the session: somebody copied it.
    /// Of two who come with the present one at the same moment, one gets new tokens and the other ends the session.
    /// - Throws: `auth.refresh_rejected`.
    public func refresh(_ refreshToken: String) async throws -> SignedIn {
        let presented = RefreshToken(refreshToken)
        let now = clock.now()
        let renewed: SignedIn? = try await database.write { connection in
            guard var session = try sessions.session(of: presented, in: connection), session.expiresAt > now,
                let user = try users.user(session.user, in: connection), user.disabledAt == nil
            else { return nil }
            guard session.refreshHash == presented.hash else {
                try sessions.delete(session.id, in: connection)
                try tell("session.token_reused", session.id, user.id, in: connection)
                return nil
            }
            let (access, refresh) = (Token(), presented.next())
            session.accessHash = access.hash
            session.accessExpiresAt = now + configuration.accessLifetime
            session.refreshHash = refresh.hash
            session.usedAt = now
            try sessions.rotate(session, in: connection)
            try tell("session.renewed", session.id, user.id, in: connection)
            return signedIn(user, access, refresh)
        }
        guard let renewed else { throw ParleyError(.refreshRejected, "The refresh token is used, expired or unknown. Sign in again.") }
        return renewed
    }

    /// Ends the session of this refresh token, be it the present one or an earlier one; an unknown one is no error.
    public func signOut(refreshToken: String) async throws {
        let presented = RefreshToken(refreshToken)
        try await database.write { connection in
            if let session = try sessions.session(of: presented, in: connection) {
                try sessions.delete(session.id, in: connection)
                try tell("session.ended", session.id, session.user, in: connection)
            }
        }
    }

    /// Who an access token speaks for; nil when it is unknown, expired, or of a disabled account.
    public func principal(accessToken: String) async throws -> Principal? {
        let hash = Token.hash(accessToken)
        let now = clock.now()
        return try await database.read { connection in
            try sessions.principal(accessHash: hash, at: now, in: connection)
        }
    }

    /// A session for somebody whose proof is no password: for the command line on a data folder that it alone holds.
    /// - Throws: `auth.not_by_key`, `auth.required` when the account is gone or disabled.
    public func open(_ principal: Principal) async throws -> SignedIn {
        try principal.requirePerson(to: "open sessions")
        let now = clock.now()
        return try await database.write { connection in
            guard let user = try users.user(principal.user, in: connection), user.disabledAt == nil else {
                throw ParleyError(.unauthenticated, "There is no active account.")
            }
            return try open(user, at: now, in: connection)
        }
    }

    private func open(_ user: User, at now: Timestamp, in connection: Connection) throws -> SignedIn {
        let (access, refresh) = (Token(), RefreshToken())
        let id = SessionID(at: now)
        try sessions.insert(
            Session(
                id: id, user: user.id, accessHash: access.hash, accessExpiresAt: now + configuration.accessLifetime,
                familyHash: refresh.familyHash, refreshHash: refresh.hash, expiresAt: now + configuration.sessionLifetime, createdAt: now,
                usedAt: now),
            in: connection)
        try tell("session.opened", id, user.id, in: connection)
        return signedIn(user, access, refresh)
    }

    private func tell(_ kind: String, _ session: SessionID, _ user: UserID, in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: nil, subject: session.description, actor: user, payload: .object([:])), in: connection)
    }

    private func signedIn(_ user: User, _ access: Token, _ refresh: RefreshToken) -> SignedIn {
        SignedIn(
            accessToken: access.text, expiresIn: Int(configuration.accessLifetime.components.seconds), refreshToken: refresh.text,
            user: user)
    }

    /// What is known of somebody who tries to sign in.
    private struct Known: Sendable {
        struct Credentials: Sendable {
            let user: User
            let hash: String
        }

        let credentials: Credentials?
        let isDevice: Bool
        let subjects: SignInAttempt.Subjects
    }
}
