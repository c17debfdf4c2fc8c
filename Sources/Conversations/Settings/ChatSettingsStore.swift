import ParleyCore
import ParleyDatabase

/// The rows of projects' chat settings: one JSON object for each project that has any.
struct ChatSettingsStore: Sendable {
    func settings(of project: ProjectID, in connection: Connection) throws -> ChatSettings {
        let row = try connection.row("SELECT settings FROM project_chat_settings WHERE project_id = \(project)")
        guard let row else { return ChatSettings() }
        let json: JSONText = try row["settings"]
        return try json.value()
    }

    static func version(of project: ProjectID) -> RowVersion {
        RowVersion(
            """
            SELECT COALESCE((SELECT version FROM project_chat_settings WHERE project_chat_settings.project_id = projects.id), 0) AS v0
            FROM projects WHERE projects.id = \(project)
            """, lock: "projects")
    }

    func number(of project: ProjectID, in connection: Connection) throws -> Int {
        try connection.row("SELECT version FROM project_chat_settings WHERE project_id = \(project)").map { try $0["version"] } ?? 0
    }

    func set(_ settings: ChatSettings, of project: ProjectID, at now: Timestamp, in connection: Connection) throws {
        let json = try JSONText(settings)
        try connection.execute(
            """
            INSERT INTO project_chat_settings (project_id, settings, updated_at) VALUES (\(project), \(json), \(now))
            ON CONFLICT (project_id) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at,
                version = project_chat_settings.version + 1
            """)
    }
}
