import ParleyDatabase
import ParleyHTTP

extension KeyService {
    var version: ResourceVersion { .row(in: database) { KeyStore.version(of: try $0.id("key")) } }
}
