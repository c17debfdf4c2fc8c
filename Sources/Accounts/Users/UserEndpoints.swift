import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let users = Self("Users", "The people of this installation; administrators keep them.")
}

/// People over HTTP.
public struct UserEndpoints: Sendable {
    private let service: AccountService

    public init(service: AccountService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .installation(
                .usersManage, .get, path: "/v1/users", id: "users.list", tag: .users, summary: "List users",
                output: .page(of: User.schema, UserStore.list.shape)
            ) { request, scope in
                .page(try await service.users(request.list(), scope))
            },
            .installation(
                .usersManage, .post, path: "/v1/users", id: "users.create", tag: .users, summary: "Add a user",
                input: NewUser.schema, output: User.schema, status: 201, errors: [.emailTaken, .notByKey]
            ) { _, scope, input in
                let user = try await service.add(input, scope)
                return .created(user, location: "/v1/users/\(user.id)")
            }.preparing { (new: NewUser, principal) in try await service.prepareHash(of: new.password, for: principal) },
            .installation(
                .usersManage, .get, path: "/v1/users/{user}", id: "users.get", tag: .users, summary: "Read a user",
                output: User.schema, errors: [.userNotFound]
            ) { request, scope in
                .ok(try await service.user(request.id("user"), scope))
            }.versioned(service.version),
            .installation(
                .usersManage, .patch, path: "/v1/users/{user}", id: "users.update", tag: .users, summary: "Change a user",
                description: """
                    A new password and disabling the account end all of the person's sessions and API keys. With an API key only the name can be \
                    changed, and the account disabled.
                    """,
                input: UserChange.schema, output: User.schema, errors: [.userNotFound, .lastAdmin, .notByKey]
            ) { request, scope, input in
                .ok(try await service.change(request.id("user"), input, scope))
            }.versioned(service.version).preparing { (change: UserChange, principal) in
                if let password = change.password { try await service.prepareHash(of: password, for: principal) }
            },
        ]
    }
}

extension User {
    static let example = User(
        id: UserID(at: Timestamp(milliseconds: 1_790_000_000_000)), email: "ada@example.com", name: "Ada", role: .admin,
        createdAt: Timestamp(milliseconds: 1_790_000_000_000), updatedAt: Timestamp(milliseconds: 1_790_000_000_000))

    static let schema: Schema<User> = .object(
        "User", "A person who can sign in.",
        .field("id", \.id, .id()),
        .field("email", \.email, .string()),
        .field("name", \.name, .string()),
        .field("role", \.role, .enumeration(), "What the person may do on the installation."),
        .field("disabled", { @Sendable in $0.disabledAt != nil }, .bool(), "A disabled account cannot sign in."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        example: example)
}

extension NewUser {
    static let schema: Schema<NewUser> = .object(
        "NewUser", "A person's account to be.",
        .field("email", \.email, .string(User.emailLength)),
        .field("name", \.name, .name(User.nameLength)),
        .field("password", \.password, .secret(.string(1...200)), "12 to 128 characters unless the settings say otherwise."),
        .field("role", \.role, .defaulted(.enumeration(), to: .user)),
        example: NewUser(email: "grace@example.com", name: "Grace", password: "seven ships at anchor", role: .user)
    ) { NewUser(email: $0, name: $1, password: $2, role: $3) }
}

extension UserChange {
    static let schema: Schema<UserChange> = .object(
        "UserChange", "Fields to change; those left out stay.",
        .field("name", \.name, .change(.name(User.nameLength))),
        .field("role", \.role, .change(.enumeration())),
        .field("password", \.password, .change(.secret(.string(1...200)))),
        .field("disabled", \.disabled, .change(.bool())),
        example: UserChange(name: "Grace Hopper", role: .admin)
    ) { UserChange(name: $0, role: $1, password: $2, disabled: $3) }
}
