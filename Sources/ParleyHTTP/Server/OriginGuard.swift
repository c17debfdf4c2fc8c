import Foundation
import HTTPTypes
import Hummingbird
import ParleyCore

/// Refuses requests that were meant for another server (`Host`, against DNS rebinding) and those that a foreign web page makes
/// a browser send (`Origin`, against cross-site request forgery).
struct OriginGuard: Sendable {
    private let publicHost: String?
    private let publicOrigin: String?
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    init(publicURL: URL?) {
        publicHost = publicURL?.host()?.lowercased()
        publicOrigin = publicURL.flatMap { Self.origin($0.absoluteString) }
    }

    /// - Throws: `request.wrong_host`, `request.wrong_origin`.
    func check(_ request: Request) throws {
        let authority = request.head.authority ?? ""
        let host = Self.host(authority)
        guard Self.loopback.contains(host) || host == publicHost else {
            throw ParleyError(
                .wrongHost,
                "This server does not answer to the name \(host.isEmpty ? "in the request" : host); set http.public_url to the address it is reached at."
            )
        }
        guard let origin = request.headers[.origin], ![.get, .head, .options].contains(request.method) else { return }
        guard isOurs(origin, host: host, authority: authority.lowercased()) else {
            throw ParleyError(.wrongOrigin, "A page from \(origin) may not send this request.")
        }
    }

    /// Whether the request was sent to a loopback name.
    func isLoopback(_ request: Request) -> Bool { Self.loopback.contains(Self.host(request.head.authority ?? "")) }

    /// Whether people reach the server by a name that is not a loopback one.
    var isPublic: Bool { publicHost.map { !Self.loopback.contains($0) } ?? false }

    /// Ours are the public address, and a loopback page from the very host and port that the request was sent to.
    private func isOurs(_ origin: String, host: String, authority: String) -> Bool {
        guard let origin = Self.origin(origin) else { return false }
        if origin == publicOrigin { return true }
        return Self.loopback.contains(host) && (origin == "http://\(authority)" || origin == Self.origin("http://\(authority)"))
    }

    /// The name without its port.
    private static func host(_ authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") { return String(text.prefix { $0 != "]" }) + (text.contains("]") ? "]" : "") }
        return String(text.prefix { $0 != ":" })
    }

    /// Scheme, host and port with the standard port left out; nil when the text is no origin.
    private static func origin(_ text: String) -> String? {
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(), let host = url.host?.lowercased() else {
            return nil
        }
        let standard = scheme == "https" ? 443 : 80
        return "\(scheme)://\(host)" + (url.port.map { $0 == standard ? "" : ":\($0)" } ?? "")
    }
}
