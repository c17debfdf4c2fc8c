import ParleyCore
import ParleyDatabase
import ParleyHTTP

extension ProjectService {
    /// The version of a project, and of somebody's part in it.
    var projectVersion: ResourceVersion {
        .row(in: database) { request in
            let id: ProjectID = try request.id("project")
            return RowVersion("SELECT version AS v0 FROM projects WHERE id = \(id) AND deleted_at IS NULL", lock: "projects")
        }
    }

    var memberVersion: ResourceVersion {
        .row(in: database) { request in
            let (project, user): (ProjectID, UserID) = (try request.id("project"), try request.id("user"))
            return RowVersion(
                """
                SELECT project_members.role AS v0, project_members.created_at AS v1, users.version AS v2
                FROM project_members JOIN users ON users.id = project_members.user_id
                WHERE project_members.project_id = \(project) AND project_members.user_id = \(user)
                """, lock: "project_members")
        }
    }
}
