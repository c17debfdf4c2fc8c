public import ParleyCore

extension ErrorCode {
    public static let webhookNotFound = Self("webhook.not_found", .notFound, "There is no such webhook")
    public static let webhookLimit = Self("webhook.too_many", .conflict, "The project has as many webhooks as it may have")
    public static let deliveryNotFound = Self("webhook.delivery_not_found", .notFound, "There is no such delivery")
    public static let webhookDisabled = Self("webhook.is_disabled", .conflict, "The webhook is disabled")
    public static let deliveryWaiting = Self("webhook.delivery_waiting", .conflict, "The delivery is not over yet")
}

public enum WebhookKind: IdentifierKind { public static let prefix = "whk" }
public enum DeliveryKind: IdentifierKind { public static let prefix = "dlv" }

public typealias WebhookID = Identifier<WebhookKind>
public typealias DeliveryID = Identifier<DeliveryKind>
