import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// The rows of projects and their members.
struct ProjectStore: Sendable {
    static let list = ListSource(
        [
            .column("id", .id, "projects.id", isSortable: true), .column("name", .text, "projects.name", isSortable: true),
            .column("description", .text, "projects.description"),
            .column("created_at", .time, "projects.created_at", isSortable: true),
            .column("updated_at", .time, "projects.updated_at", isSortable: true),
        ], key: "id")
    static let members = ListSource(
        [
            .column("user_id", .id, "users.id", isSortable: true), .column("email", .text, "users.email", isSortable: true),
            .column("name", .text, "users.name", isSortable: true),
            .column("role", .choice(ProjectRole.allCases.map(\.rawValue)), "project_members.role"),
            .column("since", .time, "project_members.created_at", isSortable: true),
        ], key: "user_id")

    private static let columns: SQL = "projects.id, projects.name, projects.description, projects.created_at, projects.updated_at"

    func insert(_ project: Project, creator: UserID, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO projects (id, name, folded_name, description, created_by, created_at, updated_at)
            VALUES (\(project.id), \(project.name), \(project.name.lowercased()), \(project.description), \(creator),
                \(project.createdAt), \(project.updatedAt))
            """)
    }

    func update(_ project: Project, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE projects SET name = \(project.name), folded_name = \(project.name.lowercased()),
                description = \(project.description), updated_at = \(project.updatedAt), version = version + 1
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

    /// All projects, or those of one person; one of them alone when it is named.
    func projects(_ query: ListQuery, of member: UserID?, only: ProjectID?, in connection: Connection) throws -> ListSlice<ProjectView> {
        let one: SQL = only.map { " AND projects.id = \($0)" } ?? ""
        guard let member else {
            return try Self.list.slice(
                query, select: Self.columns, from: "projects", where: "projects.deleted_at IS NULL\(fragment: one)",
                version: "projects.id || ' ' || projects.version", in: connection
            ) { rows in
                try rows.map { ProjectView(project: try Project($0), role: .owner) }
            }
        }
        return try Self.list.slice(
            query, select: "\(fragment: Self.columns), project_members.role AS role",
            from: "project_members JOIN projects ON projects.id = project_members.project_id",
            where: "project_members.user_id = \(member) AND projects.deleted_at IS NULL\(fragment: one)",
            version: "projects.id || ' ' || projects.version || ' ' || project_members.role", in: connection
        ) { rows in
            try rows.map { ProjectView(project: try Project($0), role: try $0["role"]) }
        }
    }

    /// The projects of this name, upper and lower case alike, two at most; of all or of one person's.
    func projects(named name: String, of member: UserID?, only: ProjectID?, in connection: Connection) throws -> [Project] {
        let one: SQL = only.map { " AND projects.id = \($0)" } ?? ""
        let own: SQL = member.map { " AND id IN (SELECT project_id FROM project_members WHERE user_id = \($0))" } ?? ""
        return try connection.rows(
            """
            SELECT \(fragment: Self.columns) FROM projects
            WHERE folded_name = \(name.lowercased()) AND deleted_at IS NULL\(fragment: one)\(fragment: own) ORDER BY id LIMIT 2
            """
        ).map(Project.init)
    }

    /// Another role of the caller makes another view of the project, so who works in it counts as a part of it.
    func touch(_ id: ProjectID, in connection: Connection) throws {
        try connection.execute("UPDATE projects SET version = version + 1 WHERE id = \(id)")
    }

    func role(of user: UserID, in project: ProjectID, _ connection: Connection) throws -> ProjectRole? {
        try connection.row(
            """
            SELECT project_members.role AS role FROM project_members JOIN projects ON projects.id = project_members.project_id
            WHERE project_members.project_id = \(project) AND project_members.user_id = \(user) AND projects.deleted_at IS NULL
            """
        ).map { try $0["role"] }
    }

    private static let memberColumns: SQL = """
        users.id AS id, users.email AS email, users.name AS name, project_members.role AS role, project_members.created_at AS created_at
        """
    private static let memberSource: SQL = "project_members JOIN users ON users.id = project_members.user_id"

    func members(_ query: ListQuery, of project: ProjectID, in connection: Connection) throws -> ListSlice<Member> {
        try Self.members.slice(
            query, select: Self.memberColumns, from: Self.memberSource, where: "project_members.project_id = \(project)",
            version: "users.id || ' ' || users.version || ' ' || project_members.role", in: connection
        ) { try $0.map(Member.init) }
    }

    func member(_ user: UserID, of project: ProjectID, in connection: Connection) throws -> Member? {
        try connection.row(
            """
            SELECT \(fragment: Self.memberColumns) FROM \(fragment: Self.memberSource)
            WHERE project_members.project_id = \(project) AND project_members.user_id = \(user)
            """
        ).map(Member.init)
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

extension Member {
    fileprivate init(_ row: Row) throws {
        user = try row["id"]
        email = try row["email"]
        name = try row["name"]
        role = try row["role"]
        since = try row["created_at"]
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
