import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let projects = Self("Projects", "A project holds documents and threads; its members work in it.")
}

/// Projects and their members over HTTP.
public struct ProjectEndpoints: Sendable {
    private let service: ProjectService

    public init(service: ProjectService) { self.service = service }

    public var endpoints: [Endpoint] { projects + members }

    private var projects: [Endpoint] {
        [
            .installation(
                .projectsList, .get, path: "/v1/projects", id: "projects.list", tag: .projects, summary: "List your projects",
                description: "Administrators see every project.", output: .page(of: ProjectView.schema, ProjectStore.list.shape)
            ) { request, scope in
                .page(try await service.projects(request.list(), scope))
            },
            .installation(
                .projectsCreate, .post, path: "/v1/projects", id: "projects.create", tag: .projects, summary: "Make a project",
                description: "You become its owner.", input: NewProject.schema, output: ProjectView.schema, status: 201
            ) { _, scope, input in
                let view = try await service.add(name: input.name, description: input.description, scope)
                return .created(view, location: "/v1/projects/\(view.project.id)")
            },
            .project(
                .projectRead, .get, path: "/v1/projects/{project}", id: "projects.get", tag: .projects, summary: "Read a project",
                output: ProjectView.schema
            ) { _, scope in
                .ok(try await service.project(scope))
            }.versioned(service.projectVersion),
            .project(
                .projectManage, .patch, path: "/v1/projects/{project}", id: "projects.update", tag: .projects, summary: "Change a project",
                input: ProjectChange.schema, output: ProjectView.schema
            ) { _, scope, input in
                .ok(try await service.change(name: input.name, description: input.description, scope))
            }.versioned(service.projectVersion),
            .project(
                .projectManage, .delete, path: "/v1/projects/{project}", id: "projects.delete", tag: .projects, summary: "Delete a project",
                description: "All in it is out of reach at once.", output: .nothing()
            ) { _, scope in
                try await service.delete(scope)
                return .noContent
            }.versioned(service.projectVersion),
        ]
    }

    private var members: [Endpoint] {
        [
            .project(
                .projectRead, .get, path: "/v1/projects/{project}/members", id: "members.list", tag: .projects, summary: "List members",
                output: .page(of: Member.schema, ProjectStore.members.shape)
            ) { request, scope in
                .page(try await service.members(request.list(), scope))
            },
            .project(
                .projectRead, .get, path: "/v1/projects/{project}/members/{user}", id: "members.get", tag: .projects,
                summary: "Read a member", output: Member.schema, errors: [.memberNotFound]
            ) { request, scope in
                .ok(try await service.member(request.id("user"), scope))
            }.versioned(service.memberVersion),
            .project(
                .projectManage, .put, path: "/v1/projects/{project}/members/{user}", id: "members.set", tag: .projects,
                summary: "Make somebody a member", description: "Or change a member's role.", input: MemberInput.schema,
                output: Member.schema,
                errors: [.userNotFound, .lastOwner, .notByKey]
            ) { request, scope, input in
                .ok(try await service.setMember(request.id("user"), role: input.role, scope))
            }.versioned(service.memberVersion),
            .project(
                .projectManage, .delete, path: "/v1/projects/{project}/members/{user}", id: "members.remove", tag: .projects,
                summary: "Remove a member", output: .nothing(), errors: [.memberNotFound, .lastOwner]
            ) { request, scope in
                try await service.removeMember(request.id("user"), scope)
                return .noContent
            }.versioned(service.memberVersion),
        ]
    }
}

/// The body that makes a project.
struct NewProject: Sendable {
    let name: String
    let description: String

    static let schema: Schema<NewProject> = .object(
        "NewProject", "A project to be.",
        .field("name", \.name, .name(Project.nameLength)),
        .field("description", \.description, .defaulted(.string(Project.descriptionLength), to: "")),
        example: NewProject(name: "Handbook", description: "Rules and customs of the house")
    ) { NewProject(name: $0, description: $1) }
}

/// The body that changes a project.
struct ProjectChange: Sendable {
    let name: String?
    let description: String?

    static let schema: Schema<ProjectChange> = .object(
        "ProjectChange", "Fields to change; those left out stay.",
        .field("name", \.name, .change(.name(Project.nameLength))),
        .field("description", \.description, .change(.string(Project.descriptionLength))),
        example: ProjectChange(name: "Handbook 2027", description: nil)
    ) { ProjectChange(name: $0, description: $1) }
}

/// The body that makes a member.
struct MemberInput: Sendable {
    let role: ProjectRole

    static let schema: Schema<MemberInput> = .object(
        "Membership", "What the member may do in the project.", .field("role", \.role, .enumeration()), example: MemberInput(role: .editor)
    ) { MemberInput(role: $0) }
}

extension ProjectView {
    static let schema: Schema<ProjectView> = .object(
        "Project", "A project as you see it.",
        .field("id", \.project.id, .id()),
        .field("name", \.project.name, .string()),
        .field("description", \.project.description, .string()),
        .field("role", \.role, .enumeration(), "What you may do in it."),
        .field("created_at", \.project.createdAt, .timestamp()),
        .field("updated_at", \.project.updatedAt, .timestamp()),
        example: ProjectView(
            project: Project(
                id: ProjectID(at: Timestamp(milliseconds: 1_790_000_000_000)), name: "Handbook",
                description: "Rules and customs of the house",
                createdAt: Timestamp(milliseconds: 1_790_000_000_000), updatedAt: Timestamp(milliseconds: 1_790_000_000_000)),
            role: .owner))
}

extension Member {
    static let schema: Schema<Member> = .object(
        "Member", "A person in a project.",
        .field("user_id", \.user, .id()),
        .field("email", \.email, .string()),
        .field("name", \.name, .string()),
        .field("role", \.role, .enumeration()),
        .field("since", \.since, .timestamp()),
        example: Member(
            user: UserID(at: Timestamp(milliseconds: 1_790_000_000_000)), email: "grace@example.com", name: "Grace", role: .editor,
            since: Timestamp(milliseconds: 1_790_000_000_000)))
}
