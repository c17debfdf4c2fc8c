import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Sets and shows the quotas that administrators give to people and projects.
public struct QuotaService: Sendable {
    let database: Database
    private let events: Events
    private let clock: any WallClock
    private let store = QuotaStore()

    public init(database: Database, events: Events, clock: any WallClock) {
        (self.database, self.events, self.clock) = (database, events, clock)
    }

    /// What was set for the project; nil in it is what the installation's settings say.
    /// - Throws: `project.not_found`.
    func quota(_ scope: ProjectScope<ProjectRead>) async throws -> Quota { try await quota(of: .project(scope.project)) }

    /// The same of a person.
    /// - Throws: `user.not_found`.
    func quota(of user: UserID, _ scope: Scope<UsersManage>) async throws -> Quota { try await quota(of: .user(user)) }

    private func quota(of owner: QuotaOwner) async throws -> Quota {
        try await database.read { connection in
            try require(owner, connection)
            return try store.quota(of: owner, in: connection)
        }
    }

    /// - Throws: `user.not_found`, `project.not_found`, `auth.not_by_key`.
    func set(_ quota: Quota, of owner: QuotaOwner, _ scope: Scope<UsersManage>) async throws -> Quota {
        try scope.principal.requirePerson(to: "set quotas")
        let now = clock.now()
        return try await database.write { connection in
            try require(owner, connection)
            try store.set(quota, of: owner, at: now, in: connection)
            let (kind, project): (String, ProjectID?) =
                if case .project(let project) = owner { ("project.quota_changed", project) } else { ("user.quota_changed", nil) }
            try events.append(
                EventDraft(kind: kind, project: project, subject: owner.id, actor: scope.principal.user, payload: .object([:])),
                in: connection)
            return quota
        }
    }

    private func require(_ owner: QuotaOwner, _ connection: Connection) throws {
        guard try !store.exists(owner, in: connection) else { return }
        let code: ErrorCode = if case .user = owner { .userNotFound } else { .projectNotFound }
        throw ParleyError(code, code.title + ".")
    }
}
