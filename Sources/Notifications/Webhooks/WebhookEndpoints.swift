import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let webhooks = Self("Webhooks", "Addresses that are told what happens in a project, by the Standard Webhooks scheme.")
}

/// Webhooks and their deliveries over HTTP.
public struct WebhookEndpoints: Sendable {
    static let path = "/v1/projects/{project}/webhooks"

    private let service: WebhookService
    private let deliveries: DeliveryService

    public init(service: WebhookService, deliveries: DeliveryService) { (self.service, self.deliveries) = (service, deliveries) }

    public var endpoints: [Endpoint] { kept + secrets + log + replays }

    private var kept: [Endpoint] {
        [
            .project(
                .projectManage, .get, path: Self.path, id: "webhooks.list", tag: .webhooks, summary: "List webhooks",
                output: .page(of: Webhook.schema, WebhookStore.list.shape)
            ) { request, scope in
                .page(try await service.webhooks(request.list(), scope))
            },
            .project(
                .projectManage, .post, path: Self.path, id: "webhooks.create", tag: .webhooks, summary: "Make a webhook",
                description: "The secret that signs its messages is told once. Private networks cannot be named.",
                input: NewWebhookInput.schema, output: NewWebhook.schema, status: 201, errors: [.webhookLimit, .notByKey], cache: .secret
            ) { _, scope, input in
                let new = try await service.add(input.draft, scope)
                return .created(new, location: "/v1/projects/\(scope.project)/webhooks/\(new.webhook.id)")
            },
            .project(
                .projectManage, .get, path: Self.path + "/{webhook}", id: "webhooks.get", tag: .webhooks, summary: "Read a webhook",
                output: Webhook.schema, errors: [.webhookNotFound]
            ) { request, scope in
                .ok(try await service.webhook(request.id("webhook"), scope))
            }.versioned(service.version),
            .project(
                .projectManage, .patch, path: Self.path + "/{webhook}", id: "webhooks.update", tag: .webhooks, summary: "Change a webhook",
                description: "Enabling one that the server disabled forgets its failures.", input: WebhookDraft.schema,
                output: Webhook.schema, errors: [.webhookNotFound, .notByKey]
            ) { request, scope, input in
                .ok(try await service.change(request.id("webhook"), input, scope))
            }.versioned(service.version),
            .project(
                .projectManage, .delete, path: Self.path + "/{webhook}", id: "webhooks.delete", tag: .webhooks, summary: "Delete a webhook",
                description: "Its deliveries go with it.", output: .nothing(), errors: [.webhookNotFound]
            ) { request, scope in
                try await service.delete(request.id("webhook"), scope)
                return .noContent
            }.versioned(service.version),
        ]
    }

    private var secrets: [Endpoint] {
        [
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/rotate-secret", id: "webhooks.rotate_secret", tag: .webhooks,
                summary: "Make a new secret", description: "The old one goes on signing beside it for a while; the new one is told once.",
                input: RotationInput.schema, output: NewWebhook.schema, errors: [.webhookNotFound, .notByKey], cache: .secret
            ) { request, scope, input in
                let overlap = Duration.seconds(input.overlapSeconds)
                return .ok(try await service.rotate(request.id("webhook"), keepingPrevious: overlap, scope))
            },
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/test", id: "webhooks.test", tag: .webhooks, summary: "Test a webhook",
                description: "Sends a `webhook.test` message at once and tells what came of it.", output: Delivery.schema,
                status: 201, errors: [.webhookNotFound]
            ) { request, scope in
                let delivery = try await deliveries.test(request.id("webhook"), scope)
                return .created(delivery, location: try Self.deliveries(request, scope) + "/\(delivery.id)")
            },
        ]
    }

    private var log: [Endpoint] {
        [
            .project(
                .projectManage, .get, path: Self.path + "/{webhook}/deliveries", id: "deliveries.list", tag: .webhooks,
                summary: "List deliveries",
                output: .page(of: Delivery.schema, DeliveryStore.list.shape), errors: [.webhookNotFound]
            ) { request, scope in
                .page(try await deliveries.deliveries(request.list(), of: request.id("webhook"), scope))
            },
            .project(
                .projectManage, .get, path: Self.path + "/{webhook}/deliveries/{delivery}", id: "deliveries.get", tag: .webhooks,
                summary: "Read a delivery", output: Delivery.schema, errors: [.webhookNotFound, .deliveryNotFound]
            ) { request, scope in
                .ok(try await deliveries.delivery(request.id("delivery"), of: request.id("webhook"), scope))
            },
        ]
    }

    private var replays: [Endpoint] {
        [
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/deliveries/{delivery}/replay", id: "deliveries.replay",
                tag: .webhooks, summary: "Send a message again", description: "With the same id, from its first attempt.",
                output: Delivery.schema, status: 202,
                errors: [.webhookNotFound, .deliveryNotFound, .deliveryWaiting, .webhookDisabled]
            ) { request, scope in
                let delivery = try await deliveries.replay(request.id("delivery"), of: request.id("webhook"), scope)
                return .accepted(delivery, location: try Self.deliveries(request, scope) + "/\(delivery.id)")
            },
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/replay", id: "webhooks.replay", tag: .webhooks,
                summary: "Send messages again",
                description: "All that failed or were skipped since a moment, in the background; the deliveries show how it goes.",
                input: ReplayInput.schema, output: ReplayInput.schema, status: 202, errors: [.webhookNotFound, .webhookDisabled]
            ) { request, scope, input in
                try await deliveries.replay(
                    request.id("webhook"), since: input.since, includesDelivered: input.includesDelivered, scope)
                let those = "?filter=created_at%3E=\(input.since)"
                return .accepted(input, location: try Self.deliveries(request, scope) + those)
            },
        ]
    }

    /// Where the deliveries of the webhook in the path are.
    private static func deliveries(_ request: EndpointRequest, _ scope: ProjectScope<ProjectManage>) throws -> String {
        let webhook: WebhookID = try request.id("webhook")
        return "/v1/projects/\(scope.project)/webhooks/\(webhook)/deliveries"
    }
}
