import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// The rows of invitations: one at most for each project and address.
struct InvitationStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "project_invitations.id", isSortable: true),
            .column("email", .text, "project_invitations.email", isSortable: true),
            .column("role", .choice(ProjectRole.allCases.map(\.rawValue)), "project_invitations.role"),
            .column("created_at", .time, "project_invitations.created_at", isSortable: true),
        ], key: "id")

    private static let columns: SQL = """
        project_invitations.id AS id, project_invitations.project_id AS project_id, projects.name AS project_name,
        project_invitations.email AS email, project_invitations.role AS role, project_invitations.created_at AS created_at
        """
    private static let source: SQL = "project_invitations JOIN projects ON projects.id = project_invitations.project_id"

    /// Whose inviter may still invite to the project.
    private static let standing: SQL = {
        let rights = Role.allCases.map { role -> SQL in
            if role.permissions(as: nil).contains(.projectManage) { return "inviter.role = \(role)" }
            let parts = ProjectRole.allCases.filter { role.permissions(as: $0).contains(.projectManage) }
            return "(inviter.role = \(role) AND part.role IN \(list: parts))"
        }
        return """
            EXISTS (
                SELECT 1 FROM users AS inviter LEFT JOIN project_members AS part
                    ON part.user_id = inviter.id AND part.project_id = project_invitations.project_id
                WHERE inviter.id = project_invitations.invited_by AND inviter.disabled_at IS NULL
                    AND (\(fragment: rights.reduce("1 = 0") { $0 + " OR " + $1 }))
            )
            """
    }()

    /// A project's, those that were declined as well: whether somebody is there to decline is nobody's business.
    func invitations(_ query: ListQuery, of project: ProjectID, in connection: Connection) throws -> ListSlice<Invitation> {
        try slice(query, where: "project_invitations.project_id = \(project)", in: connection)
    }

    /// Those that wait for a person.
    func invitations(_ query: ListQuery, for user: UserID, in connection: Connection) throws -> ListSlice<Invitation> {
        try slice(query, where: Self.waiting(for: user), in: connection)
    }

    private func slice(_ query: ListQuery, where condition: SQL, in connection: Connection) throws -> ListSlice<Invitation> {
        try Self.list.slice(
            query, select: Self.columns, from: Self.source, where: "\(fragment: condition) AND \(fragment: Self.standing)", in: connection
        ) { try $0.map(Invitation.init) }
    }

    private static func waiting(for user: UserID) -> SQL {
        """
        project_invitations.email = (SELECT email FROM users WHERE users.id = \(user)) AND NOT project_invitations.is_declined
        AND projects.deleted_at IS NULL
        """
    }

    func invitation(_ id: InvitationID, of project: ProjectID, in connection: Connection) throws -> Invitation? {
        try row("project_invitations.id = \(id) AND project_invitations.project_id = \(project)", in: connection)
    }

    func invitation(_ id: InvitationID, for user: UserID, in connection: Connection) throws -> Invitation? {
        try row("project_invitations.id = \(id) AND \(fragment: Self.waiting(for: user))", in: connection)
    }

    func invitation(_ email: String, to project: ProjectID, in connection: Connection) throws -> Invitation? {
        try row("project_invitations.email = \(email) AND project_invitations.project_id = \(project)", in: connection)
    }

    private func row(_ condition: SQL, in connection: Connection) throws -> Invitation? {
        try connection.row(
            "SELECT \(fragment: Self.columns) FROM \(fragment: Self.source) WHERE \(fragment: condition) AND \(fragment: Self.standing)"
        ).map(Invitation.init)
    }

    func count(of project: ProjectID, in connection: Connection) throws -> Int {
        try connection.row("SELECT count(*) AS n FROM project_invitations WHERE project_id = \(project)")?["n"] ?? 0
    }

    /// One that is there already gets the role and the inviter.
    func put(
        _ email: String, _ role: ProjectRole, to project: ProjectID, by inviter: UserID, at now: Timestamp, in connection: Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO project_invitations (id, project_id, email, role, invited_by, is_declined, created_at)
            VALUES (\(InvitationID(at: now)), \(project), \(email), \(role), \(inviter), \(false), \(now))
            ON CONFLICT (project_id, email) DO UPDATE SET role = excluded.role, invited_by = excluded.invited_by
            """)
    }

    /// Takes those away whose inviter has lost the right to invite, so that they do not come back with it.
    func removeEnded(by inviter: UserID, in connection: Connection) throws {
        try connection.execute("DELETE FROM project_invitations WHERE invited_by = \(inviter) AND NOT \(fragment: Self.standing)")
    }

    func decline(_ id: InvitationID, in connection: Connection) throws {
        try connection.execute("UPDATE project_invitations SET is_declined = \(true) WHERE id = \(id)")
    }

    /// Whether there was such an invitation.
    @discardableResult
    func remove(_ id: InvitationID, of project: ProjectID, in connection: Connection) throws -> Bool {
        try connection.execute("DELETE FROM project_invitations WHERE id = \(id) AND project_id = \(project)") == 1
    }

    static func version(of id: InvitationID, in project: ProjectID) -> RowVersion {
        RowVersion(
            "SELECT role AS v0 FROM project_invitations WHERE id = \(id) AND project_id = \(project)", lock: "project_invitations")
    }
}
