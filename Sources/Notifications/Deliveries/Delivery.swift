public import ParleyCore

/// Where a delivery stands.
public enum DeliveryState: String, Sendable, CaseIterable {
    /// An attempt is to come.
    case waiting
    case delivered
    /// Given up.
    case failed
    /// Never tried, since the webhook was disabled.
    case skipped
}

/// One try to bring a message to its receiver.
public struct DeliveryAttempt: Sendable, Hashable {
    public let at: Timestamp
    public let milliseconds: Int
    /// What the receiver answered; nil when it gave no answer.
    public let status: Int?
    /// Why it failed, in words; nil when it did not.
    public let error: String?
    /// The beginning of what a receiver said that refused.
    public let response: String?
}

/// A message to a webhook, and what became of it.
public struct Delivery: Sendable, Hashable {
    public let id: DeliveryID
    public let webhook: WebhookID
    /// The message's id, `webhook-id` in the header: the same in every attempt, so that receivers can tell repetitions.
    public let event: EventID
    public let kind: WebhookEventKind
    /// The message as it is sent.
    public let body: String
    public var state: DeliveryState
    /// Counts from 1; each replay begins another.
    public var round: Int
    /// Attempts in this round.
    public var tries: Int
    /// The latest attempts, the newest last.
    public var attempts: [DeliveryAttempt]
    public var nextAt: Timestamp?
    public let createdAt: Timestamp
    public var finishedAt: Timestamp?
}
