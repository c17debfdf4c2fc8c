import Accounts
import ParleyDatabase
import ParleyHTTP

extension ConversationService {
    var threadVersion: ResourceVersion { .row(in: database) { ThreadStore.version(of: try $0.id("thread")) } }
    var messageVersion: ResourceVersion {
        .row(in: database) { MessageStore.version(of: try $0.id("message"), in: try $0.id("thread")) }
    }
}
