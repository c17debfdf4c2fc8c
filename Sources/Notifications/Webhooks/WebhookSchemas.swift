import ParleyCore
import ParleyHTTP

private let moment = Timestamp(milliseconds: 1_790_000_000_000)

/// The body that makes a webhook.
struct NewWebhookInput: Sendable {
    let url: String
    let description: String
    let kinds: [WebhookEventKind]
    let isEnabled: Bool

    var draft: WebhookDraft { WebhookDraft(url: url, description: description, kinds: kinds, isEnabled: isEnabled) }

    private static let kindList: Schema<[WebhookEventKind]> = .defaulted(.array(.enumeration(), 0...50), to: [])

    static let schema: Schema<NewWebhookInput> = .object(
        "NewWebhook", "A webhook to be.",
        .field("url", \.url, .string(1...2048), "Where messages are sent; `https://`."),
        .field("description", \.description, .defaulted(.name(0...500), to: "")),
        .field("events", \.kinds, kindList, "Kinds of events that it is told; all when left out or empty."),
        .field("enabled", \.isEnabled, .defaulted(.bool(), to: true)),
        example: NewWebhookInput(
            url: "https://hooks.example.com/parley", description: "Search portal", kinds: [.documentReady], isEnabled: true)
    ) { NewWebhookInput(url: $0, description: $1, kinds: $2, isEnabled: $3) }
}

extension WebhookDraft {
    static let schema: Schema<WebhookDraft> = .object(
        "WebhookChange", "Fields to change; those left out stay.",
        .field("url", \.url, .change(.string(1...2048))),
        .field("description", \.description, .change(.name(0...500))),
        .field("events", \.kinds, .change(.array(.enumeration(), 0...50)), "An empty list means all."),
        .field("enabled", \.isEnabled, .change(.bool())),
        example: WebhookDraft(isEnabled: false)
    ) { WebhookDraft(url: $0, description: $1, kinds: $2, isEnabled: $3) }
}

/// The body that changes a secret.
struct RotationInput: Sendable {
    let overlapSeconds: Int

    static let schema: Schema<RotationInput> = .object(
        "SecretRotation", "How the old secret goes.",
        .field(
            "overlap_seconds", \.overlapSeconds, .defaulted(.int(0...604_800), to: 86_400),
            "How long the old secret signs beside the new one."),
        example: RotationInput(overlapSeconds: 86_400)
    ) { RotationInput(overlapSeconds: $0) }
}

/// The body that asks for messages again.
struct ReplayInput: Sendable {
    let since: Timestamp
    let includesDelivered: Bool

    static let schema: Schema<ReplayInput> = .object(
        "Replay", "Which messages are sent again.",
        .field("since", \.since, .timestamp(), "Messages from this moment on."),
        .field("include_delivered", \.includesDelivered, .defaulted(.bool(), to: false), "Also those that arrived."),
        example: ReplayInput(since: moment, includesDelivered: false)
    ) { ReplayInput(since: $0, includesDelivered: $1) }
}

extension Webhook {
    static let example = Webhook(
        id: WebhookID(at: moment), project: ProjectID(at: moment), url: "https://hooks.example.com:443/parley",
        description: "Search portal",
        kinds: [.documentReady], isEnabled: true, createdAt: moment, updatedAt: moment)

    static let schema: Schema<Webhook> = .object(
        "Webhook", "An address that is told what happens in a project.",
        .field("id", \.id, .id()),
        .field("project_id", \.project, .id()),
        .field("url", \.url, .string()),
        .field("description", \.description, .string()),
        .field("events", \.kinds, .array(.enumeration()), "Kinds of events that it is told; none listed means all."),
        .field("enabled", \.isEnabled, .bool()),
        .field("disabled_reason", \.disabledReason, .optional(.string()), "Why the server disabled it."),
        .field("failing_since", \.failingSince, .optional(.timestamp()), "Since when every attempt failed."),
        .field("previous_secret_until", \.previousSecretUntil, .optional(.timestamp()), "Until when the secret before this one signs too."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        example: example)
}

extension NewWebhook {
    static let schema: Schema<NewWebhook> = .object(
        "WebhookWithSecret", "A webhook and its secret, which is told only now.",
        .field("webhook", \.webhook, Webhook.schema),
        .field("secret", \.secret, .secret(.string()), "Verifies `webhook-signature`."),
        example: NewWebhook(webhook: Webhook.example, secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD…"))
}

extension DeliveryAttempt {
    static let schema: Schema<DeliveryAttempt> = .object(
        "DeliveryAttempt", "One try to bring a message to its receiver.",
        .field("at", \.at, .timestamp()),
        .field("duration_ms", \.milliseconds, .int()),
        .field("status", \.status, .optional(.int()), "What the receiver answered; null for no answer."),
        .field("error", \.error, .optional(.string()), "Why it failed; null when it did not."),
        .field("response", \.response, .optional(.string()), "The beginning of a refusal."),
        example: DeliveryAttempt(at: moment, milliseconds: 84, status: 204, error: nil, response: nil))
}

extension Delivery {
    static let schema: Schema<Delivery> = .object(
        "Delivery", "A message to a webhook, and what became of it.",
        .field("id", \.id, .id()),
        .field("webhook_id", \.webhook, .id()),
        .field("message_id", \.event, .id(), "`webhook-id` of the message: the same in every attempt."),
        .field("event", \.kind, .enumeration()),
        .field("body", \.body, .string(), "The message as it is sent."),
        .field("state", \.state, .enumeration(), "`skipped` while the webhook was disabled."),
        .field("attempts", \.attempts, .array(DeliveryAttempt.schema), "The latest ones, the newest last."),
        .field("next_attempt_at", \.nextAt, .optional(.timestamp())),
        .field("created_at", \.createdAt, .timestamp()),
        .field("finished_at", \.finishedAt, .optional(.timestamp())),
        example: Delivery(
            id: DeliveryID(at: moment), webhook: WebhookID(at: moment), event: EventID(at: moment), kind: .documentReady,
            body: "{\"data\":{…},\"timestamp\":\"2026-09-21T14:13:20.000Z\",\"type\":\"document.ready\"}", state: .delivered, round: 1,
            tries: 1, attempts: [DeliveryAttempt(at: moment, milliseconds: 84, status: 204, error: nil, response: nil)],
            createdAt: moment, finishedAt: moment))
}
