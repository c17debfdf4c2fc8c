import ParleyCore
import ParleyJobs

/// One attempt at a delivery.
struct DeliveryWork: Codable, Sendable {
    let delivery: DeliveryID

    static let job = JobType<DeliveryWork>("notifications.deliver", concurrency: 16, sharing: .capped(perMember: 2))
}

/// Sending a webhook's past deliveries again.
struct ReplayWork: Codable, Sendable {
    let project: ProjectID
    let webhook: WebhookID
    /// Milliseconds since 1970, both inclusive.
    let since: Int64
    let until: Int64
    let includesDelivered: Bool
    /// The last one that is done.
    var after: DeliveryID?

    static let job = JobType<ReplayWork>("notifications.replay", concurrency: 1, priority: .low)
}
