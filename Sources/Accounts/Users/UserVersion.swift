import ParleyDatabase
import ParleyHTTP

extension AccountService {
    var version: ResourceVersion { .row(in: database) { UserStore.version(of: try $0.id("user")) } }
}
