import Accounts
import ParleyDatabase
import ParleyHTTP

extension ChatSettingsService {
    var version: ResourceVersion { .row(in: database) { ChatSettingsStore.version(of: try $0.id("project")) } }
}
