import ParleyDatabase
import ParleyHTTP

extension WebhookService {
    var version: ResourceVersion {
        ResourceVersion(
            current: { [database] in try await database.version(WebhookStore.version(of: try $0.id("webhook"))) },
            guarding: { [database] request, demand, write in
                try await database.guarding(WebhookStore.version(of: try request.id("webhook")), demand, write)
            })
    }
}
