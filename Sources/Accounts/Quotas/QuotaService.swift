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
    func quota(_ scope: ProjectScope) async throws -> Quota {
        try await database.read { try store.quota(of: scope.project.description, in: $0) }
    }

    /// - Throws: `user.not_found`.
    func quota(of user: UserID, _ scope: Scope) async throws -> Quota {
        try await database.read { connection in
            try require("SELECT id FROM users WHERE id = \(user)", .userNotFound, connection)
            return try store.quota(of: user.description, in: connection)
        }
    }

    /// - Throws: `project.not_found`.
    func set(_ quota: Quota, of project: ProjectID, _ scope: Scope) async throws -> Quota {
        let now = clock.now()
        return try await database.write { connection in
            try require("SELECT id FROM projects WHERE id = \(project) AND deleted_at IS NULL", .projectNotFound, connection)
            try store.set(quota, of: project.description, at: now, in: connection)
            try tell("project.quota_changed", project, project.description, scope, connection)
            return quota
        }
    }

    /// - Throws: `user.not_found`.
    func set(_ quota: Quota, of user: UserID, _ scope: Scope) async throws -> Quota {
        let now = clock.now()
        return try await database.write { connection in
            try require("SELECT id FROM users WHERE id = \(user)", .userNotFound, connection)
            try store.set(quota, of: user.description, at: now, in: connection)
            try tell("user.quota_changed", nil, user.description, scope, connection)
            return quota
        }
    }

    private func require(_ look: SQL, _ code: ErrorCode, _ connection: Connection) throws {
        guard try connection.row(look) != nil else { throw ParleyError(code, code.title + ".") }
    }

    private func tell(_ kind: String, _ project: ProjectID?, _ subject: String, _ scope: Scope, _ connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: project, subject: subject, actor: scope.principal.user, payload: .object([:])), in: connection)
    }
}
