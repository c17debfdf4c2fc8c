import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

/// Quotas over HTTP: set by administrators, seen by whom they concern.
public struct QuotaEndpoints: Sendable {
    private static let ofProject = "/v1/projects/{project}/quota"
    private static let ofUser = "/v1/users/{user}/quota"
    private static let hint = "Null leaves a matter to the installation's settings, which know no limit unless they name one."
    private let service: QuotaService

    public init(service: QuotaService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .project(
                .projectRead, .get, path: Self.ofProject, id: "quotas.project", tag: .projects, summary: "Read a project's quota",
                description: Self.hint, output: Quota.schema
            ) { _, scope in
                .ok(try await service.quota(scope))
            }.versioned(projectVersion),
            .installation(
                .usersManage, .put, path: Self.ofProject, id: "quotas.set_project", tag: .projects, summary: "Set a project's quota",
                description: Self.hint, input: Quota.schema, output: Quota.schema, errors: [.projectNotFound]
            ) { request, scope, quota in
                .ok(try await service.set(quota, of: request.id("project") as ProjectID, scope))
            }.versioned(projectVersion),
            .installation(
                .usersManage, .get, path: Self.ofUser, id: "quotas.user", tag: .users, summary: "Read a user's quota",
                description: Self.hint, output: Quota.schema, errors: [.userNotFound]
            ) { request, scope in
                .ok(try await service.quota(of: request.id("user"), scope))
            }.versioned(userVersion),
            .installation(
                .usersManage, .put, path: Self.ofUser, id: "quotas.set_user", tag: .users, summary: "Set a user's quota",
                description: Self.hint, input: Quota.schema, output: Quota.schema, errors: [.userNotFound]
            ) { request, scope, quota in
                .ok(try await service.set(quota, of: request.id("user") as UserID, scope))
            }.versioned(userVersion),
        ]
    }

    private var projectVersion: ResourceVersion {
        .row(in: service.database) { QuotaStore.version(of: try $0.id("project") as ProjectID) }
    }

    private var userVersion: ResourceVersion {
        .row(in: service.database) { QuotaStore.version(of: try $0.id("user") as UserID) }
    }
}

extension Quota {
    static let schema: Schema<Quota> = .object(
        "Quota", "How much a person or a project may use.",
        .field("storage_bytes", \.storage, .optional(.int(0...1_000_000_000_000_000)), "Bytes of files that are not deleted."),
        .field("documents", \.documents, .optional(.int(0...1_000_000_000)), "Documents that are not deleted."),
        .field("daily_tokens", \.dailyTokens, .optional(.int(0...1_000_000_000_000)), "Tokens of answers in a day (UTC)."),
        .field("monthly_tokens", \.monthlyTokens, .optional(.int(0...1_000_000_000_000)), "Tokens of answers in a month (UTC)."),
        example: Quota(storage: 1 << 30, documents: 10_000, dailyTokens: 200_000)
    ) { Quota(storage: $0, documents: $1, dailyTokens: $2, monthlyTokens: $3) }
}
