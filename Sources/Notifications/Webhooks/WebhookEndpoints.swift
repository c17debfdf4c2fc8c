import ParleyAuthority
import ParleyCore
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
                output: .page(of: Webhook.schema)
            ) { request, scope in
                let page = try request.page()
                let rows = try await service.webhooks(after: page.cursor?.id(), limit: page.limit + 1, scope)
                return .page(Page(rows, limit: page.limit) { Cursor([$0.id.description]) })
            },
            .project(
                .projectManage, .post, path: Self.path, id: "webhooks.create", tag: .webhooks, summary: "Make a webhook",
                description: "The secret that signs its messages is told once. Private networks cannot be named.",
                input: NewWebhookInput.schema, output: NewWebhook.schema, status: 201, errors: [.webhookLimit], cache: .secret
            ) { _, scope, input in
                let new = try await service.add(input.draft, scope)
                return .created(new, location: "/v1/projects/\(scope.project)/webhooks/\(new.webhook.id)")
            },
            .project(
                .projectManage, .get, path: Self.path + "/{webhook}", id: "webhooks.get", tag: .webhooks, summary: "Read a webhook",
                output: Webhook.schema, errors: [.webhookNotFound]
            ) { request, scope in
                .ok(try await service.webhook(request.id("webhook"), scope))
            },
            .project(
                .projectManage, .patch, path: Self.path + "/{webhook}", id: "webhooks.update", tag: .webhooks, summary: "Change a webhook",
                description: "Enabling one that the server disabled forgets its failures.", input: WebhookDraft.schema,
                output: Webhook.schema, errors: [.webhookNotFound]
            ) { request, scope, input in
                .ok(try await service.change(request.id("webhook"), input, scope))
            },
            .project(
                .projectManage, .delete, path: Self.path + "/{webhook}", id: "webhooks.delete", tag: .webhooks, summary: "Delete a webhook",
                description: "Its deliveries go with it.", output: .nothing(), errors: [.webhookNotFound]
            ) { request, scope in
                try await service.delete(request.id("webhook"), scope)
                return .noContent
            },
        ]
    }

    private var secrets: [Endpoint] {
        [
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/rotate-secret", id: "webhooks.rotate_secret", tag: .webhooks,
                summary: "Make a new secret", description: "The old one goes on signing beside it for a while; the new one is told once.",
                input: RotationInput.schema, output: NewWebhook.schema, errors: [.webhookNotFound], cache: .secret
            ) { request, scope, input in
                let overlap = Duration.seconds(input.overlapSeconds)
                return .ok(try await service.rotate(request.id("webhook"), keepingPrevious: overlap, scope))
            },
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/test", id: "webhooks.test", tag: .webhooks, summary: "Test a webhook",
                description: "Sends a `webhook.test` message at once and tells what came of it.", output: Delivery.schema,
                errors: [.webhookNotFound]
            ) { request, scope in
                .ok(try await deliveries.test(request.id("webhook"), scope))
            },
        ]
    }

    private var log: [Endpoint] {
        [
            .project(
                .projectManage, .get, path: Self.path + "/{webhook}/deliveries", id: "deliveries.list", tag: .webhooks,
                summary: "List deliveries", description: "The newest first.",
                query: [.choice("state", "Only deliveries in this state.", DeliveryState.self)], output: .page(of: Delivery.schema),
                errors: [.webhookNotFound]
            ) { request, scope in
                let page = try request.page()
                let rows = try await deliveries.deliveries(
                    of: request.id("webhook"), state: request.query("state", as: DeliveryState.self), before: page.cursor?.id(),
                    limit: page.limit + 1, scope)
                return .page(Page(rows, limit: page.limit) { Cursor([$0.id.description]) })
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
                let webhook: WebhookID = try request.id("webhook")
                let delivery = try await deliveries.replay(request.id("delivery"), of: webhook, scope)
                return .accepted(delivery, location: "/v1/projects/\(scope.project)/webhooks/\(webhook)/deliveries/\(delivery.id)")
            },
            .project(
                .projectManage, .post, path: Self.path + "/{webhook}/replay", id: "webhooks.replay", tag: .webhooks,
                summary: "Send messages again",
                description: "All that failed or were skipped since a moment, in the background; the deliveries show how it goes.",
                input: ReplayInput.schema, output: ReplayInput.schema, status: 202, errors: [.webhookNotFound, .webhookDisabled]
            ) { request, scope, input in
                let webhook: WebhookID = try request.id("webhook")
                try await deliveries.replay(webhook, since: input.since, includesDelivered: input.includesDelivered, scope)
                return .accepted(input, location: "/v1/projects/\(scope.project)/webhooks/\(webhook)/deliveries")
            },
        ]
    }
}
