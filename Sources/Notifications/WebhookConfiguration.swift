public import ParleyCore

/// How webhooks are delivered.
public struct WebhookConfiguration: Sendable {
    public static let timeout = Setting(
        "webhooks.timeout", default: Duration.seconds(15), .range(.milliseconds(100) ... .seconds(60)),
        "How long a webhook's receiver may take to answer.")
    public static let disableAfter = Setting(
        "webhooks.disable_after", default: Duration.seconds(5 * 86_400), .atLeast(.seconds(60)),
        "A webhook that has failed for so long, without one success, is disabled.")
    public static let keepDeliveries = Setting(
        "webhooks.keep_deliveries", default: Duration.seconds(30 * 86_400), .atLeast(.seconds(3600)),
        "How long deliveries stay in the log, where they can be replayed.")
    public static let settings: [any SettingDeclaration] = [timeout, disableAfter, keepDeliveries]

    public var timeout: Duration
    public var disableAfter: Duration
    public var keepDeliveries: Duration

    public init(_ settings: SettingsReader = SettingsReader()) {
        timeout = settings[Self.timeout]
        disableAfter = settings[Self.disableAfter]
        keepDeliveries = settings[Self.keepDeliveries]
    }
}
