public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Keeps projects and who works in them; the authorizer asks it for memberships.
public struct ProjectService: Sendable {
    let database: Database
    private let events: Events
    private let clock: any WallClock
    private let store = ProjectStore()
    private let users = UserStore()
    private let invitations = InvitationStore()

    public init(database: Database, events: Events, clock: any WallClock) {
        (self.database, self.events, self.clock) = (database, events, clock)
    }

    /// The caller's projects; every project for an administrator, one alone for a key that opens one.
    public func projects(_ query: ListQuery, _ scope: Scope<ProjectsList>) async throws -> ListSlice<ProjectView> {
        let member = scope.principal.role == .admin ? nil : scope.principal.user
        let only = scope.principal.project
        return try await database.read { try store.projects(query, of: member, only: only, in: $0) }
    }

    /// The caller's project of this id or, when one alone has it, of this name.
    public func project(called text: String, _ scope: Scope<ProjectsList>) async throws -> Project? {
        let member = scope.principal.role == .admin ? nil : scope.principal.user
        let only = scope.principal.project
        return try await database.read { connection in
            if let id = ProjectID(text) {
                guard only == nil || only == id else { return nil }
                let isOpen = try member.map { try store.role(of: $0, in: id, connection) != nil } ?? true
                return isOpen ? try store.project(id, in: connection) : nil
            }
            let named = try store.projects(named: text, of: member, only: only, in: connection)
            return named.count == 1 ? named[0] : nil
        }
    }

    /// A new project, owned by the caller.
    public func add(name: String, description: String, _ scope: Scope<ProjectsCreate>) async throws -> ProjectView {
        let now = clock.now()
        let project = Project(id: ProjectID(at: now), name: name, description: description, createdAt: now, updatedAt: now)
        let user = scope.principal.user
        try await database.write { connection in
            try store.insert(project, creator: user, in: connection)
            try store.setMember(user, .owner, of: project.id, at: now, in: connection)
            try tell("project.added", project.id, user, ["name": .string(name)], in: connection)
        }
        return ProjectView(project: project, role: .owner)
    }

    public func project(_ scope: ProjectScope<ProjectRead>) async throws -> ProjectView {
        try await database.read { connection in
            guard let project = try store.project(scope.project, in: connection) else { throw Self.unknown }
            return ProjectView(project: project, role: try role(scope, in: connection))
        }
    }

    /// Changes name and description; nil leaves one as it is.
    public func change(name: String?, description: String?, _ scope: ProjectScope<ProjectManage>) async throws -> ProjectView {
        let now = clock.now()
        return try await database.write { connection in
            guard var project = try store.project(scope.project, in: connection) else { throw Self.unknown }
            project.name = name ?? project.name
            project.description = description ?? project.description
            project.updatedAt = now
            try store.update(project, in: connection)
            try tell("project.changed", project.id, scope.principal.user, ["name": .string(project.name)], in: connection)
            return ProjectView(project: project, role: try role(scope, in: connection))
        }
    }

    /// Hides the project and all in it; its rows stay.
    public func delete(_ scope: ProjectScope<ProjectManage>) async throws {
        let now = clock.now()
        try await database.write { connection in
            try store.delete(scope.project, at: now, in: connection)
            try tell("project.deleted", scope.project, scope.principal.user, .object([:]), in: connection)
        }
    }

    public func members(_ query: ListQuery, _ scope: ProjectScope<ProjectRead>) async throws -> ListSlice<Member> {
        try await database.read { try store.members(query, of: scope.project, in: $0) }
    }

    /// - Throws: `member.not_found`.
    public func member(_ user: UserID, _ scope: ProjectScope<ProjectRead>) async throws -> Member {
        try await database.read { connection in
            guard let member = try store.member(user, of: scope.project, in: connection) else { throw Self.noMember }
            return member
        }
    }

    /// Makes somebody a member, or changes a member's role.
    /// - Throws: `user.not_found`, `member.last_owner`, `auth.not_by_key`.
    public func setMember(_ user: UserID, role: ProjectRole, _ scope: ProjectScope<ProjectManage>) async throws -> Member {
        try scope.principal.requirePerson(to: "make members or give them roles")
        let now = clock.now()
        return try await database.write { connection in
            guard let person = try users.user(user, in: connection) else {
                throw ParleyError(.userNotFound, "There is no user with this id.")
            }
            _ = try store.lockOwners(of: scope.project, in: connection)
            try store.setMember(user, role, of: scope.project, at: now, in: connection)
            try invitations.removeEnded(by: user, in: connection)
            try store.touch(scope.project, in: connection)
            try requireOwner(scope.project, in: connection)
            try tell("member.set", scope.project, scope.principal.user, memberPayload(user, role), in: connection)
            let since = try store.member(user, of: scope.project, in: connection)?.since ?? now
            return Member(user: user, email: person.email, name: person.name, role: role, since: since)
        }
    }

    /// - Throws: `member.not_found`, `member.last_owner`.
    public func removeMember(_ user: UserID, _ scope: ProjectScope<ProjectManage>) async throws {
        try await database.write { connection in
            _ = try store.lockOwners(of: scope.project, in: connection)
            guard try store.removeMember(user, of: scope.project, in: connection) else { throw Self.noMember }
            try invitations.removeEnded(by: user, in: connection)
            try store.touch(scope.project, in: connection)
            try requireOwner(scope.project, in: connection)
            try tell("member.removed", scope.project, scope.principal.user, ["user": .string(user.description)], in: connection)
        }
    }

    private func role(_ scope: ProjectScope<some ProjectPermission>, in connection: Connection) throws -> ProjectRole {
        if scope.principal.role == .admin { return .owner }
        return try store.role(of: scope.principal.user, in: scope.project, connection) ?? .viewer
    }

    private func requireOwner(_ project: ProjectID, in connection: Connection) throws {
        guard try store.lockOwners(of: project, in: connection) > 0 else {
            throw ParleyError(.lastOwner, "This is the project's last owner. Make another member an owner first.")
        }
    }

    private func memberPayload(_ user: UserID, _ role: ProjectRole) -> JSONValue {
        ["user": .string(user.description), "role": .string(role.rawValue)]
    }

    private func tell(_ kind: String, _ project: ProjectID, _ actor: UserID, _ payload: JSONValue, in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: project, subject: project.description, actor: actor, payload: payload), in: connection)
    }

    private static var noMember: ParleyError { ParleyError(.memberNotFound, "This user is not a member of the project.") }
    private static var unknown: ParleyError { ParleyError(.projectNotFound, "There is no such project, or you are not a member of it.") }
}

extension ProjectService: MembershipSource {
    public func projectRole(of user: UserID, in project: ProjectID) async throws -> ProjectRole? {
        try await database.read { try store.role(of: user, in: project, $0) }
    }

    public func projectExists(_ project: ProjectID) async throws -> Bool {
        try await database.read { try store.exists(project, in: $0) }
    }
}
