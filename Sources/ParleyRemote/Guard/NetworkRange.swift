/// A range of addresses, such as `10.0.0.0/8` or `fd00::/8` (RFC 4632).
public struct NetworkRange: Hashable, Sendable {
    let base: [UInt8]
    let bits: Int

    /// Nil when the text is no address with a prefix length; a single address stands for itself.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = NetworkAddress(String(first)) else { return nil }
        let all = address.bytes.count * 8
        guard let bits = parts.count == 1 ? all : Int(parts[1]), (0...all).contains(bits) else { return nil }
        (base, self.bits) = (address.bytes, bits)
    }

    /// The ranges of this program's own tables.
    static func list(_ texts: String...) -> [NetworkRange] { texts.compactMap { NetworkRange($0) } }

    /// Whether the address, which is of the same family, has the range's leading bits.
    public func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == base.count else { return false }
        return zip(base, address.bytes).enumerated().allSatisfy { index, pair in
            let wanted = min(max(bits - index * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> wanted)
            return pair.0 & mask == pair.1 & mask
        }
    }
}

extension [NetworkRange] {
    func covers(_ address: NetworkAddress) -> Bool { contains { $0.contains(address) } }
}
