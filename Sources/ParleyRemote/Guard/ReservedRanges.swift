/// Addresses that are no public host (IANA special-purpose registries, RFC 6890), and public ones with a special meaning in a cloud.
enum ReservedRanges {
    static let four = NetworkRange.list(
        "0.0.0.0/8",  // this host
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  // private
        "100.64.0.0/10",  // shared by carriers (CGNAT), some clouds' metadata
        "127.0.0.0/8",  // loopback
        "169.254.0.0/16",  // link-local, the metadata of most clouds
        "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",  // protocols, documentation
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",  // AS112, AMT, 6to4 relays
        "198.18.0.0/15",  // benchmarks
        "224.0.0.0/4", "240.0.0.0/4",  // multicast, reserved, broadcast
        "168.63.129.16/32"  // Azure's platform
    )

    /// All that is handed out to public hosts; everything else is reserved.
    static let publicSix = NetworkRange.list("2000::/3")
    static let six = NetworkRange.list(
        "2001::/23",  // protocols, Teredo among them
        "2001:db8::/32", "3fff::/20",  // documentation
        "2002::/16",  // 6to4
        "2620:4f:8000::/48"  // AS112
    )

    /// Whether nobody's public host has this address.
    static func contains(_ address: NetworkAddress) -> Bool {
        guard address.isSix else { return four.covers(address) }
        return !publicSix.covers(address) || six.covers(address)
    }
}
