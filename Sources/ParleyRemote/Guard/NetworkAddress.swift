import Foundation

/// An IPv4 or IPv6 address in its binary form, the only one in which addresses are compared.
public struct NetworkAddress: Hashable, Sendable {
    /// 4 or 16 bytes, the most significant first.
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// An address in its plain written form: four decimal numbers, or RFC 4291, section 2.2, without a zone. Nil for all else.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    var isSix: Bool { bytes.count == 16 }

    /// The IPv4 address that this IPv6 address only dresses up: the packets go to it. IPv4-mapped (RFC 4291, section 2.5.5.2) and
    /// NAT64 (RFC 6052). Itself for all else.
    public var unmapped: NetworkAddress {
        guard isSix, Self.dresses.covers(self) else { return self }
        return NetworkAddress(bytes: Array(bytes[12...]))
    }

    /// IPv4 addresses to which an address of a tunnel would lead: IPv4-compatible (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380,
    /// whose client's is stored inverted) and ISATAP (RFC 5214).
    var tunnelled: [NetworkAddress] {
        guard isSix else { return [] }
        if Self.compatible.covers(self) { return [NetworkAddress(bytes: Array(bytes[12...]))] }
        if Self.sixToFour.covers(self) { return [NetworkAddress(bytes: Array(bytes[2..<6]))] }
        if Self.teredo.covers(self) {
            return [NetworkAddress(bytes: Array(bytes[4..<8])), NetworkAddress(bytes: bytes[12...].map { ~$0 })]
        }
        let isISATAP = bytes[8] & 0xFD == 0 && Array(bytes[9..<12]) == [0x00, 0x5E, 0xFE]
        return isISATAP ? [NetworkAddress(bytes: Array(bytes[12...]))] : []
    }

    private static let dresses = NetworkRange.list("::ffff:0:0/96", "64:ff9b::/96")
    private static let compatible = NetworkRange.list("::/96")
    private static let sixToFour = NetworkRange.list("2002::/16")
    private static let teredo = NetworkRange.list("2001::/32")
}

extension NetworkAddress: CustomStringConvertible {
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isSix ? AF_INET6 : AF_INET
        // fits: 46
        guard bytes.withUnsafeBytes({ inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) }) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
