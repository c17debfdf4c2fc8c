import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

/// Invitations over HTTP: made by who manages a project, answered by whom they are for.
public struct InvitationEndpoints: Sendable {
    private static let ofProject = "/v1/projects/{project}/invitations"
    private static let own = "/v1/me/invitations"
    private let service: InvitationService

    public init(service: InvitationService) { self.service = service }

    public var endpoints: [Endpoint] { made + received }

    private var version: ResourceVersion {
        .row(in: service.database) { InvitationStore.version(of: try $0.id("invitation"), in: try $0.id("project")) }
    }

    private var made: [Endpoint] {
        [
            .project(
                .projectManage, .get, path: Self.ofProject, id: "invitations.list", tag: .projects, summary: "List invitations",
                description: "Those that nobody has accepted yet.", output: .page(of: Invitation.schema, InvitationStore.list.shape)
            ) { request, scope in
                .page(try await service.invitations(request.list(), scope))
            },
            .project(
                .projectManage, .post, path: Self.ofProject, id: "invitations.create", tag: .projects, summary: "Invite somebody by e-mail",
                description: """
                    The person with this address becomes a member by accepting, also when the account is made later. The answer is the same \
                    whether there is an account or not. Somebody who was invited before gets the role. The invitation ends when you may not invite \
                    any more.
                    """,
                input: NewInvitation.schema, output: Invitation.schema, status: 201, errors: [.invitationLimit, .notByKey]
            ) { _, scope, input in
                let made = try await service.invite(input.email, as: input.role, scope)
                return .created(made, location: "/v1/projects/\(scope.project)/invitations/\(made.id)")
            },
            .project(
                .projectManage, .get, path: Self.ofProject + "/{invitation}", id: "invitations.get", tag: .projects,
                summary: "Read an invitation", output: Invitation.schema, errors: [.invitationNotFound]
            ) { request, scope in
                .ok(try await service.invitation(request.id("invitation"), scope))
            }.versioned(version),
            .project(
                .projectManage, .delete, path: Self.ofProject + "/{invitation}", id: "invitations.delete", tag: .projects,
                summary: "Withdraw an invitation", output: .nothing(), errors: [.invitationNotFound]
            ) { request, scope in
                try await service.withdraw(request.id("invitation"), scope)
                return .noContent
            }.versioned(version),
        ]
    }

    private var received: [Endpoint] {
        [
            .installation(
                .invitationsAnswer, .get, path: Self.own, id: "invitations.mine", tag: .projects, summary: "List your invitations",
                output: .page(of: Invitation.schema, InvitationStore.list.shape), errors: [.notByKey]
            ) { request, scope in
                .page(try await service.invitations(request.list(), scope))
            },
            .installation(
                .invitationsAnswer, .post, path: Self.own + "/{invitation}/accept", id: "invitations.accept", tag: .projects,
                summary: "Accept an invitation",
                description: "You become a member.", output: ProjectView.schema, errors: [.invitationNotFound, .notByKey]
            ) { request, scope in
                .ok(try await service.accept(request.id("invitation"), scope))
            },
            .installation(
                .invitationsAnswer, .post, path: Self.own + "/{invitation}/decline", id: "invitations.decline", tag: .projects,
                summary: "Decline an invitation",
                description: "Whoever made it does not hear of it.", output: .nothing(), errors: [.invitationNotFound, .notByKey]
            ) { request, scope in
                try await service.decline(request.id("invitation"), scope)
                return .noContent
            },
        ]
    }
}

/// The body that invites somebody.
struct NewInvitation: Sendable {
    let email: String
    let role: ProjectRole

    static let schema: Schema<NewInvitation> = .object(
        "NewInvitation", "Whom to invite, and what they may do in the project.",
        .field("email", \.email, .string(User.emailLength)),
        .field("role", \.role, .enumeration()),
        example: NewInvitation(email: "grace@example.com", role: .editor)
    ) { NewInvitation(email: $0, role: $1) }
}
