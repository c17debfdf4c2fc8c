@_spi(Authority) public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Keeps people's API keys and tells whom a key speaks for. Only a key's SHA-256 is stored.
public struct KeyService: Sendable {
    /// What every secret begins with, so that it is known when it turns up where it should not.
    public static let prefix = "parley_"
    private static let limit = 100
    /// How exactly the last use is kept.
    private static let usedGrain = Duration.seconds(60)

    let database: Database
    private let events: Events
    private let authorizer: Authorizer
    private let clock: any WallClock
    private let store = KeyStore()
    private let sessions = SessionStore()

    public init(database: Database, events: Events, authorizer: Authorizer, clock: any WallClock) {
        (self.database, self.events, self.authorizer, self.clock) = (database, events, authorizer, clock)
    }

    /// The caller's keys.
    public func keys(_ query: ListQuery, _ scope: Scope<KeysManage>) async throws -> ListSlice<APIKey> {
        try await database.read { try store.keys(query, of: scope.principal.user, in: $0) }
    }

    /// - Throws: `key.not_found`.
    public func key(_ id: KeyID, _ scope: Scope<KeysManage>) async throws -> APIKey {
        guard let key = try await database.read({ try store.key(id, of: scope.principal.user, in: $0) }) else { throw Self.unknown }
        return key
    }

    /// A new key of the caller's, whose session must still be open when it is written: what ended it meanwhile has ended the keys.
    /// - Throws: `auth.required`, `key.too_many`, `project.not_found`, `input.invalid`.
    public func add(name: String, project: ProjectID?, expiresAt: Timestamp?, _ scope: Scope<KeysManage>) async throws -> NewAPIKey {
        if let project { _ = try await authorizer.scope(scope.principal, .projectRead, on: project) }
        let now = clock.now()
        if let expiresAt, expiresAt <= now {
            throw ParleyError(
                .invalidInput, "The key would have ended already.", fields: [FieldError("/expires_at", "must lie in the future")])
        }
        let secret = Self.prefix + Token().text
        let key = APIKey(
            id: KeyID(at: now), user: scope.principal.user, project: project, name: name, hint: String(secret.prefix(12)) + "…",
            createdAt: now,
            expiresAt: expiresAt, usedAt: nil)
        try await database.write { connection in
            guard let session = scope.principal.session, try sessions.hold(session, in: connection) else {
                throw ParleyError(.unauthenticated, "Your session has ended; sign in again.")
            }
            guard try store.count(of: scope.principal.user, in: connection) < Self.limit else {
                throw ParleyError(.keyLimit, "You have \(Self.limit) API keys; delete one that is no longer used.")
            }
            try store.insert(key, secretHash: Token.hash(secret), in: connection)
            try tell("key.added", key.id, scope, in: connection)
        }
        return NewAPIKey(key: key, secret: secret)
    }

    /// Ends a key of the caller's at once.
    /// - Throws: `key.not_found`.
    public func delete(_ id: KeyID, _ scope: Scope<KeysManage>) async throws {
        try await database.write { connection in
            guard try store.delete(id, of: scope.principal.user, in: connection) else { throw Self.unknown }
            try tell("key.deleted", id, scope, in: connection)
        }
    }

    /// Whom a secret speaks for; nil when it is unknown, ended, withdrawn, or of a disabled account.
    public func principal(secret: String) async throws -> Principal? {
        let hash = Token.hash(secret)
        let now = clock.now()
        let found = try await database.read { connection in
            try store.key(secretHash: hash, at: now, in: connection).map { Known(key: $0.key, role: $0.role) }
        }
        guard let found else { return nil }
        if found.key.usedAt.map({ now - $0 >= Self.usedGrain }) ?? true {
            try await database.write { try store.setUsed(found.key.id, at: now, in: $0) }
        }
        return Principal(user: found.key.user, role: found.role, key: found.key.id, project: found.key.project)
    }

    private static var unknown: ParleyError { ParleyError(.keyNotFound, "You have no API key with this id.") }

    private struct Known: Sendable {
        let key: APIKey
        let role: Role
    }

    private func tell(_ kind: String, _ key: KeyID, _ scope: Scope<KeysManage>, in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: nil, subject: key.description, actor: scope.principal.user, payload: .object([:])),
            in: connection)
    }
}
