import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

/// Quotas over HTTP: set by administrators, seen by whom they concern.
public struct QuotaEndpoints: Sendable {
    private static let hint = "Null leaves a matter to the installation's settings, which know no limit unless they name one."
    private let service: QuotaService

    public init(service: QuotaService) { self.service = service }

    public var endpoints: [Endpoint] {
        let (project, user) = ("/v1/projects/{project}/quota", "/v1/users/{user}/quota")
        return [
            .project(
                .projectRead, .get, path: project, id: "quotas.project", tag: .projects, summary: "Read a project's quota",
                description: Self.hint, output: Quota.schema
            ) { _, scope in
                .ok(try await service.quota(scope))
            }.versioned(version(Self.project)),
            setting(project, "quotas.set_project", .projects, "Set a project's quota", .projectNotFound, Self.project),
            .installation(
                .usersManage, .get, path: user, id: "quotas.user", tag: .users, summary: "Read a user's quota",
                description: Self.hint, output: Quota.schema, errors: [.userNotFound]
            ) { request, scope in
                .ok(try await service.quota(of: request.id("user"), scope))
            }.versioned(version(Self.user)),
            setting(user, "quotas.set_user", .users, "Set a user's quota", .userNotFound, Self.user),
        ]
    }

    private func setting(
        _ path: String, _ id: String, _ tag: EndpointTag, _ summary: String, _ missing: ErrorCode,
        _ owner: @escaping @Sendable (EndpointRequest) throws -> QuotaOwner
    ) -> Endpoint {
        .installation(
            .usersManage, .put, path: path, id: id, tag: tag, summary: summary, description: Self.hint, input: Quota.schema,
            output: Quota.schema, errors: [missing, .notByKey]
        ) { request, scope, quota in
            .ok(try await service.set(quota, of: owner(request), scope))
        }.versioned(version(owner))
    }

    private func version(_ owner: @escaping @Sendable (EndpointRequest) throws -> QuotaOwner) -> ResourceVersion {
        .row(in: service.database) { QuotaStore.version(of: try owner($0)) }
    }

    @Sendable private static func project(_ request: EndpointRequest) throws -> QuotaOwner { .project(try request.id("project")) }
    @Sendable private static func user(_ request: EndpointRequest) throws -> QuotaOwner { .user(try request.id("user")) }
}

extension Quota {
    static let schema: Schema<Quota> = .object(
        "Quota", "How much a person or a project may use.",
        .field(
            "storage_bytes", \.storage, .optional(.int(0...1_000_000_000_000_000)),
            "Bytes of documents: files, texts, passages and vectors, of deleted documents too until they are purged."),
        .field("documents", \.documents, .optional(.int(0...1_000_000_000)), "Documents that are not deleted."),
        .field("daily_tokens", \.dailyTokens, .optional(.int(0...1_000_000_000_000)), "Tokens of answers in a day (UTC)."),
        .field("monthly_tokens", \.monthlyTokens, .optional(.int(0...1_000_000_000_000)), "Tokens of answers in a month (UTC)."),
        example: Quota(storage: 1 << 30, documents: 10_000, dailyTokens: 200_000)
    ) { Quota(storage: $0, documents: $1, dailyTokens: $2, monthlyTokens: $3) }
}
