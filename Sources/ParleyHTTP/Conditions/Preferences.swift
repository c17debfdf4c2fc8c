import HTTPTypes
import Hummingbird
import ParleyCore

/// `Prefer` (RFC 7240), of which these are known: `return=minimal`, `return=representation` and `respond-async`.
extension EndpointRequest {
    private var preferences: Set<String> {
        Set((header("Prefer") ?? "").split(separator: ",").map { $0.prefix { $0 != ";" }.trimmingSpaces.lowercased() })
    }

    /// Whether the caller can do without the value of a write.
    func prefersMinimal<Output>(of reply: Reply<Output>) -> Bool {
        isWrite(reply) && preferences.contains("return=minimal")
    }

    /// Says which preferences were followed.
    func notePreferences<Output>(_ reply: Reply<Output>, _ response: inout Response) {
        guard endpoint.method != .get, header("Prefer") != nil else { return }
        var followed: [String] = []
        if prefersMinimal(of: reply) {
            followed.append("return=minimal")
        } else if isWrite(reply), preferences.contains("return=representation") {
            followed.append("return=representation")
        }
        if response.status == .accepted, preferences.contains("respond-async") { followed.append("respond-async") }
        if !followed.isEmpty { response.headers[.preferenceApplied] = followed.joined(separator: ", ") }
    }

    /// A write answers the resource that it changed, or says where what it made is; other calls answer what they were asked for.
    private func isWrite<Output>(_ reply: Reply<Output>) -> Bool {
        guard reply.hasValue, endpoint.canBeMinimal else { return false }
        return endpoint.method != .post || reply.headers.contains { $0.name == "Location" }
    }
}

extension HTTPField.Name {
    fileprivate static let preferenceApplied = parsed("Preference-Applied")
}
