public import ParleyCore

/// Decides which addresses may be called on a user's word, so that nobody reaches through the server what they cannot reach
/// themselves (OWASP, *Server-Side Request Forgery Prevention*). A name is resolved once, every address that it has must be
/// allowed, and the call goes to the very address that was looked at, so that a name cannot change its mind in between.
public struct AddressGuard: Sendable {
    /// What users may name.
    public struct Configuration: Sendable {
        public static let allowedRanges = Setting<[String]>(
            "outbound.allowed_ranges", default: [], .each(.matching("an address range such as 10.20.0.0/16") { NetworkRange($0) != nil }),
            "Private address ranges that users may name all the same, for webhooks inside the house.")
        public static let plainHTTP = Setting(
            "outbound.plain_http", default: false, "Whether users may name addresses that begin with http://, which can be read on the way."
        )
        public static let settings: [any SettingDeclaration] = [allowedRanges, plainHTTP]

        public var allowedRanges: [NetworkRange]
        public var plainHTTP: Bool

        public init(_ settings: SettingsReader = SettingsReader()) {
            allowedRanges = settings[Self.allowedRanges].compactMap { NetworkRange($0) }
            plainHTTP = settings[Self.plainHTTP]
        }
    }

    private let configuration: Configuration
    private let resolver: any HostResolver

    public init(_ configuration: Configuration = Configuration(), resolver: any HostResolver = SystemResolver()) {
        (self.configuration, self.resolver) = (configuration, resolver)
    }

    /// Whether this address may be called: it is public or of an allowed range, and so are the IPv4 addresses within it.
    public func allows(_ address: NetworkAddress) -> Bool {
        let bare = address.unmapped
        return ([bare] + bare.tunnelled).allSatisfy { one in
            configuration.allowedRanges.covers(one) || !ReservedRanges.contains(one)
        }
    }

    /// Looks at an address without calling it, as when it is stored; a name that has no address now is no reason to refuse it.
    /// - Throws: `remote.address_refused`.
    public func check(_ url: UserURL) async throws {
        do { _ = try await addresses(of: url) } catch let error as ParleyError where error.code == .remoteUnreachable { return }
    }

    /// The addresses of the host, every one of which may be called; never empty.
    /// - Throws: `remote.address_refused`, `remote.unreachable` when the name is not known.
    func addresses(of url: UserURL) async throws -> [NetworkAddress] {
        guard configuration.plainHTTP || !url.isPlain else { throw UserURL.refused("does not begin with https://") }
        let found: [NetworkAddress]
        switch url.host {
        case .address(let address): found = [address]
        case .name(let name):
            do { found = try await resolver.addresses(of: name) } catch is CancellationError { throw CancellationError() } catch {
                throw Self.unknown(name, error)
            }
        }
        guard found.allSatisfy(allows) else { throw UserURL.refused("leads to a private or reserved network") }
        guard !found.isEmpty else { throw Self.unknown(url.hostAndPort, nil) }
        return found
    }

    private static func unknown(_ name: String, _ cause: (any Error)?) -> ParleyError {
        ParleyError(.remoteUnreachable, "The host \(name) is not known.", cause: cause)
    }
}
