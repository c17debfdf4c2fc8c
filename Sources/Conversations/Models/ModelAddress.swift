import Foundation
import ParleyCore

/// The address of a chat service that an administrator names. Loopback and private networks are what it is for; what must never be
/// called are the addresses where clouds tell a machine its own secrets.
enum ModelAddress {
    /// The address without a slash at its end.
    /// - Throws: `input.invalid`.
    static func checked(_ text: String) throws -> String {
        func refused(_ reason: String) -> ParleyError {
            ParleyError(.invalidInput, "The model's address \(reason).", fields: [FieldError("/url", reason)])
        }
        guard text.utf8.count <= 2000, let url = URL(string: text), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = url.host?.lowercased(), !host.isEmpty
        else { throw refused("must begin with http:// or https:// and name a host") }
        guard url.user == nil, url.password == nil else { throw refused("must not hold a name or password; give the key as api_key") }
        guard url.query == nil, url.fragment == nil else { throw refused("must end with its path") }
        guard !isMetadata(host) else { throw refused("must not be that of a cloud's metadata service") }
        var base = text
        while base.hasSuffix("/") { base.removeLast() }
        return base
    }

    /// Link-local addresses (RFC 3927, RFC 4291), written in any of their forms, and the names that clouds give theirs.
    private static func isMetadata(_ host: String) -> Bool {
        let bare = host.trimmingCharacters(in: ["[", "]"])
        if ["metadata.google.internal", "metadata", "instance-data"].contains(bare) { return true }
        var four = in_addr()
        if inet_aton(bare, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 16 == 0xA9FE }
        var six = in6_addr()
        guard inet_pton(AF_INET6, bare, &six) == 1 else { return false }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 || isMapped && bytes[12] == 0xA9 && bytes[13] == 0xFE
            || bytes.starts(with: [0xFD, 0x00, 0x0E, 0xC2])
    }
}
