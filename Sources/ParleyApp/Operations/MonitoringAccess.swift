import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyRemote

/// Who may read the metrics, and health in full: programs on this machine, the addresses and the token that the operator names, and
/// whoever may read operations.
struct MonitoringAccess: Sendable {
    static let token = Setting<Secret?>(
        "metrics.token", default: nil, .optional(.strong()), "Bearer token that opens the metrics and health in full.")
    static let allowed = Setting<[String]>(
        "metrics.allow", default: [], .each(.matching("an address or a range such as 10.0.0.0/8") { NetworkRange($0) != nil }),
        "Addresses from which the metrics and health in full can be read without a token. This machine's own programs always can.")
    static let settings: [any SettingDeclaration] = [token, allowed]

    private let token: Secret?
    private let ranges: [NetworkRange]
    private let authenticator: any RequestAuthenticator
    private let authorizer: Authorizer

    init(_ settings: SettingsReader, authenticator: any RequestAuthenticator, authorizer: Authorizer) {
        token = settings[Self.token]
        ranges = settings[Self.allowed].compactMap { NetworkRange($0) }
        (self.authenticator, self.authorizer) = (authenticator, authorizer)
    }

    /// Whether the caller may see more than whether the server is well.
    func isGranted(_ request: EndpointRequest) async -> Bool {
        if request.isLocal { return true }
        if let address = request.remoteAddress.flatMap({ NetworkAddress($0) }), isAllowed(address) { return true }
        guard let bearer = request.bearerToken else { return false }
        if let token, token == Secret(bearer) { return true }
        // Without a database nobody is known, and health must still be told.
        guard let principal = try? await authenticator.authenticate(bearer) else { return false }
        return (try? authorizer.scope(principal, .operationsRead)) != nil
    }

    private func isAllowed(_ address: NetworkAddress) -> Bool {
        ranges.contains { $0.contains(address) || $0.contains(address.unmapped) }
    }
}
