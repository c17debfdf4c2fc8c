import ParleyCore
import ParleyJobs

/// What a webhook is sent: the kind of event, when it happened, and the ids that tell what it happened to.
enum DeliveryMessage {
    static func body(of event: Event) -> String {
        body(
            event.kind, at: event.at, event.id, project: event.project, subject: event.subject, actor: event.actor, details: event.payload)
    }

    /// The body that a test sends.
    static func test(_ id: EventID, _ webhook: Webhook, by user: UserID, at now: Timestamp) -> String {
        let kind = WebhookEventKind.webhookTest.rawValue
        return body(kind, at: now, id, project: webhook.project, subject: webhook.id.description, actor: user, details: .object([:]))
    }

    private static func body(
        _ kind: String, at: Timestamp, _ id: EventID, project: ProjectID?, subject: String, actor: UserID?, details: JSONValue
    ) -> String {
        let data: JSONValue = [
            "event_id": .string(id.description), "project_id": project.map { .string($0.description) } ?? .null,
            "subject_id": .string(subject), "actor_id": actor.map { .string($0.description) } ?? .null, "details": details,
        ]
        return JSONValue.object(["type": .string(kind), "timestamp": .string(at.description), "data": data]).text
    }
}
