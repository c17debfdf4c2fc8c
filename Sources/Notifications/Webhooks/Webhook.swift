public import ParleyCore

/// An address that is told what happens in a project.
public struct Webhook: Sendable, Hashable {
    public let id: WebhookID
    public let project: ProjectID
    public var url: String
    public var description: String
    /// What it is told; nothing listed means everything.
    public var kinds: [WebhookEventKind]
    public var isEnabled: Bool
    /// Why it was disabled, when the server did it.
    public var disabledReason: String?
    /// Since when every attempt failed; nil when the last one did not.
    public var failingSince: Timestamp?
    /// Until when the secret before this one signs too.
    public var previousSecretUntil: Timestamp?
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    /// Whether it is to be told of this kind of event.
    func wants(_ kind: WebhookEventKind) -> Bool { kinds.isEmpty || kinds.contains(kind) }
}

/// A webhook with its secret, which is told once and never again.
public struct NewWebhook: Sendable {
    public let webhook: Webhook
    public let secret: String
}

/// What a webhook is to be, or to become.
public struct WebhookDraft: Sendable {
    public var url: String?
    public var description: String?
    public var kinds: [WebhookEventKind]?
    public var isEnabled: Bool?

    public init(url: String? = nil, description: String? = nil, kinds: [WebhookEventKind]? = nil, isEnabled: Bool? = nil) {
        (self.url, self.description, self.kinds, self.isEnabled) = (url, description, kinds, isEnabled)
    }
}
