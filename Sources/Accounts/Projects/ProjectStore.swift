import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// The rows of projects and their members.
struct ProjectStore: Sendable {
    private static let columns: SQL = "projects.id, projects.name, projects.description, projects.created_at, projects.updated_at"

    func insert(_ project: Project, creator: UserID, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO projects (id, name, description, created_by, created_at, updated_at)
            VALUES (\(project.id), \(project.name), \(project.description), \(creator), \(project.createdAt), \(project.updatedAt))
            """)
    }

    func update(_ project: Project, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE projects SET name = \(project.name), description = \(project.description), updated_at = \(project.updatedAt)
            WHERE id = \(project.id)
            """)
    }

    func delete(_ id: ProjectID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE projects SET deleted_at = \(now) WHERE id = \(id) AND deleted_at IS NULL")
    }

    func exists(_ id: ProjectID, in connection: Connection) throws -> Bool {
        try connection.row("SELECT id FROM projects WHERE id = \(id) AND deleted_at IS NULL") != nil
    }

    func project(_ id: ProjectID, in connection: Connection) throws -> Project? {
        try connection.row("SELECT \(fragment: Self.columns) FROM projects WHERE id = \(id) AND deleted_at IS NULL").map(Project.init)
    }

    /// Projects after this one in order of making: all of them, or one person's.
    func projects(of member: UserID?, after: ProjectID?, limit: Int, in connection: Connection) throws -> [ProjectView] {
        let from = after?.description ?? ""
        guard let member else {
            return try connection.rows(
                "SELECT \(fragment: Self.columns) FROM projects WHERE deleted_at IS NULL AND id > \(from) ORDER BY id LIMIT \(limit)"
            ).map { ProjectView(project: try Project($0), role: .owner) }
        }
        return try connection.rows(
            """
            SELECT \(fragment: Self.columns), project_members.role AS role
            FROM project_members JOIN projects ON projects.id = project_members.project_id
            WHERE project_members.user_id = \(member) AND projects.deleted_at IS NULL AND projects.id > \(from)
            ORDER BY projects.id LIMIT \(limit)
            """
        ).map { ProjectView(project: try Project($0), role: try $0["role"]) }
    }

    func role(of user: UserID, in project: ProjectID, _ connection: Connection) throws -> ProjectRole? {
        try connection.row(
            """
            SELECT project_members.role AS role FROM project_members JOIN projects ON projects.id = project_members.project_id
            WHERE project_members.project_id = \(project) AND project_members.user_id = \(user) AND projects.deleted_at IS NULL
            """
        ).map { try $0["role"] }
    }

    func members(of project: ProjectID, after: UserID?, limit: Int, in connection: Connection) throws -> [Member] {
        try connection.rows(
            """
            SELECT users.id AS id, users.email AS email, users.name AS name, project_members.role AS role,
                project_members.created_at AS created_at
            FROM project_members JOIN users ON users.id = project_members.user_id
            WHERE project_members.project_id = \(project) AND users.id > \(after?.description ?? "")
            ORDER BY users.id LIMIT \(limit)
            """
        ).map {
            Member(user: try $0["id"], email: try $0["email"], name: try $0["name"], role: try $0["role"], since: try $0["created_at"])
        }
    }

    func setMember(_ user: UserID, _ role: ProjectRole, of project: ProjectID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO project_members (project_id, user_id, role, created_at) VALUES (\(project), \(user), \(role), \(now))
            ON CONFLICT (project_id, user_id) DO UPDATE SET role = excluded.role
            """)
    }

    /// Whether there was such a member.
    func removeMember(_ user: UserID, of project: ProjectID, in connection: Connection) throws -> Bool {
        try connection.execute("DELETE FROM project_members WHERE project_id = \(project) AND user_id = \(user)") == 1
    }

    /// How many own the project; those stay owners until the transaction's end.
    func lockOwners(of project: ProjectID, in connection: Connection) throws -> Int {
        try connection.rows(
            """
            SELECT user_id FROM project_members WHERE project_id = \(project) AND role = 'owner' ORDER BY user_id
            \(fragment: connection.dialect.forUpdate)
            """
        ).count
    }
}

extension Project {
    init(_ row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        description = try row["description"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }
}
