import ParleyAuthority
import ParleyCore
public import ParleyHTTP

/// Usage over HTTP: the installation's, a project's, one's own.
public struct UsageEndpoints: Sendable {
    private let service: UsageService

    public init(service: UsageService) { self.service = service }

    private static let query: [QueryParameter] = [
        .choice("by", "By what to add up.", UsageGroup.self, default: .day),
        .time("from", "Answers ended at this moment or later."),
        .time("to", "Answers ended before this moment."),
    ]
    private static let description = "Costs are in millionths of the currency in which the operator gave the models' prices."

    public var endpoints: [Endpoint] {
        [
            .installation(
                .operationsRead, .get, path: "/v1/usage", id: "usage.all", tag: .models, summary: "Usage of the installation",
                description: Self.description, query: Self.query, output: .page(of: UsageSum.schema, .plain)
            ) { request, scope in
                .page(ListSlice(of: try await service.usage(Self.query(request), scope), try request.list(), key: \.key))
            },
            .project(
                .projectManage, .get, path: "/v1/projects/{project}/usage", id: "usage.project", tag: .models,
                summary: "Usage of a project", description: Self.description, query: Self.query, output: .page(of: UsageSum.schema, .plain)
            ) { request, scope in
                .page(ListSlice(of: try await service.usage(Self.query(request), scope), try request.list(), key: \.key))
            },
            .project(
                .projectRead, .get, path: "/v1/projects/{project}/usage/limits", id: "usage.project_limits", tag: .models,
                summary: "How much of a project's quotas is used", output: UsageLimits.schema, cache: .momentary
            ) { _, scope in
                .ok(try await service.limits(scope))
            },
            .installation(
                .accountRead, .get, path: "/v1/me/usage/limits", id: "usage.my_limits", tag: .models,
                summary: "How much of your own quotas is used", output: UsageLimits.schema, cache: .momentary
            ) { _, scope in
                .ok(try await service.limits(scope))
            },
            .installation(
                .accountRead, .get, path: "/v1/me/usage", id: "usage.mine", tag: .models, summary: "Your own usage",
                description: Self.description, query: Self.query, output: .page(of: UsageSum.schema, .plain)
            ) { request, scope in
                .page(ListSlice(of: try await service.usage(Self.query(request), scope), try request.list(), key: \.key))
            },
        ]
    }

    private static func query(_ request: EndpointRequest) throws -> UsageQuery {
        UsageQuery(by: try request.query("by") ?? .day, from: try request.queryTime("from"), to: try request.queryTime("to"))
    }
}

extension UsageSum {
    static let schema: Schema<UsageSum> = .object(
        "UsageSum", "Usage added up over one day, user, project or model; calls made on the way to answers are counted in.",
        .field("key", \.key, .string(), "The day, the user's or project's id, or the model's name."),
        .field("answers", \.answers, .int()),
        .field("prompt_tokens", \.promptTokens, .int()),
        .field("completion_tokens", \.completionTokens, .int()),
        .field("estimated", \.estimated, .int(), "Answers whose tokens were counted here, since the model did not tell."),
        .field("cost_micros", \.cost, .int(), "Millionths of the operator's currency."),
        example: UsageSum(key: "2026-11-22", answers: 12, promptTokens: 9300, completionTokens: 610, estimated: 0, cost: 5565))
}
