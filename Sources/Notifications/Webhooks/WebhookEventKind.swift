import ParleyJobs

/// What a project's webhooks can be told. Every other kind of event is the server's own business.
public enum WebhookEventKind: String, Sendable, CaseIterable {
    case documentAdded = "document.added"
    case documentReady = "document.ready"
    case documentFailed = "document.failed"
    case documentDeleted = "document.deleted"
    case documentRestored = "document.restored"
    case documentPurged = "document.purged"
    case threadAdded = "thread.added"
    case threadDeleted = "thread.deleted"
    case messageAsked = "message.asked"
    case messageComplete = "message.complete"
    case messageFailed = "message.failed"
    case messageCancelled = "message.cancelled"
    case projectChanged = "project.changed"
    case projectSettingsChanged = "project.settings_changed"
    case projectDeleted = "project.deleted"
    case memberSet = "member.set"
    case memberRemoved = "member.removed"
    case webhookDisabled = "webhook.disabled"
    /// Sent by the test of a webhook alone.
    case webhookTest = "webhook.test"
}
