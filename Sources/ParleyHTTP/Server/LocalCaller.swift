import HTTPTypes
import Hummingbird
import NIOCore

extension Pipeline {
    /// Whether a program on this machine sent the request itself. A proxy on this machine sends everybody's requests from a loopback
    /// address: what says that it was passed on is never local, and where people come by a public name nothing is, unless the operator
    /// has told of the proxy (`http.proxy_hops`), which then names its callers.
    func isLocal(_ request: Request, from peer: String?) -> Bool {
        guard let peer, peer == "::1" || peer.hasPrefix("127.") || peer.hasPrefix("::ffff:127."), guardian.isLoopback(request) else {
            return false
        }
        let passedOn: [HTTPField.Name] = [.forwardedFor, .forwarded, .realAddress, .via]
        return passedOn.allSatisfy { request.headers[$0] == nil } && (!guardian.isPublic || rates.hops > 0)
    }
}
