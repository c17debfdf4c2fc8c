import ParleyAuthority
public import ParleyCore
public import ParleyDatabase
public import ParleyJobs

/// Invites people to projects by their e-mail address. Nothing tells the inviter whether there is an account with it, until its person
/// has accepted. An invitation ends with its inviter's right to invite.
public struct InvitationService: Sendable {
    private static let limit = 500

    let database: Database
    private let events: Events
    private let clock: any WallClock
    private let store = InvitationStore()
    private let projects = ProjectStore()

    public init(database: Database, events: Events, clock: any WallClock) {
        (self.database, self.events, self.clock) = (database, events, clock)
    }

    func invitations(_ query: ListQuery, _ scope: ProjectScope<ProjectManage>) async throws -> ListSlice<Invitation> {
        try await database.read { try store.invitations(query, of: scope.project, in: $0) }
    }

    /// - Throws: `invitation.not_found`.
    func invitation(_ id: InvitationID, _ scope: ProjectScope<ProjectManage>) async throws -> Invitation {
        try await database.read { connection in
            guard let found = try store.invitation(id, of: scope.project, in: connection) else { throw Self.unknown }
            return found
        }
    }

    /// - Throws: `input.invalid`, `invitation.too_many`, `auth.not_by_key`.
    func invite(_ address: String, as role: ProjectRole, _ scope: ProjectScope<ProjectManage>) async throws -> Invitation {
        try scope.principal.requirePerson(to: "invite people")
        let email = try AccountService.address(address)
        let now = clock.now()
        return try await database.write { connection in
            guard try store.count(of: scope.project, in: connection) < Self.limit else {
                throw ParleyError(.invitationLimit, "The project has \(Self.limit) invitations; withdraw some that nobody takes up.")
            }
            try store.put(email, role, to: scope.project, by: scope.principal.user, at: now, in: connection)
            guard let made = try store.invitation(email, to: scope.project, in: connection) else { throw Self.unknown }
            try tell("member.invited", scope.project, scope.principal.user, ["role": .string(role.rawValue)], in: connection)
            return made
        }
    }

    /// - Throws: `invitation.not_found`.
    func withdraw(_ id: InvitationID, _ scope: ProjectScope<ProjectManage>) async throws {
        try await database.write { connection in
            guard try store.remove(id, of: scope.project, in: connection) else { throw Self.unknown }
        }
    }

    /// The caller's own.
    func invitations(_ query: ListQuery, _ scope: Scope<InvitationsAnswer>) async throws -> ListSlice<Invitation> {
        try await database.read { try store.invitations(query, for: scope.principal.user, in: $0) }
    }

    /// Makes the caller a member; who is one already keeps their role.
    /// - Throws: `invitation.not_found`.
    func accept(_ id: InvitationID, _ scope: Scope<InvitationsAnswer>) async throws -> ProjectView {
        let now = clock.now()
        return try await database.write { connection in
            guard let invitation = try store.invitation(id, for: scope.principal.user, in: connection),
                let project = try projects.project(invitation.project, in: connection)
            else { throw Self.unknown }
            try store.remove(id, of: project.id, in: connection)
            if let role = try projects.role(of: scope.principal.user, in: project.id, connection) {
                return ProjectView(project: project, role: role)
            }
            try projects.setMember(scope.principal.user, invitation.role, of: project.id, at: now, in: connection)
            try projects.touch(project.id, in: connection)
            let payload: JSONValue = ["user": .string(scope.principal.user.description), "role": .string(invitation.role.rawValue)]
            try tell("member.set", project.id, scope.principal.user, payload, in: connection)
            return ProjectView(project: project, role: invitation.role)
        }
    }

    /// The inviter does not hear of it.
    /// - Throws: `invitation.not_found`.
    func decline(_ id: InvitationID, _ scope: Scope<InvitationsAnswer>) async throws {
        try await database.write { connection in
            guard try store.invitation(id, for: scope.principal.user, in: connection) != nil else { throw Self.unknown }
            try store.decline(id, in: connection)
        }
    }

    private func tell(_ kind: String, _ project: ProjectID, _ actor: UserID, _ payload: JSONValue, in connection: Connection) throws {
        try events.append(
            EventDraft(kind: kind, project: project, subject: project.description, actor: actor, payload: payload), in: connection)
    }

    private static var unknown: ParleyError { ParleyError(.invitationNotFound, "There is no such invitation, or it was withdrawn.") }
}
