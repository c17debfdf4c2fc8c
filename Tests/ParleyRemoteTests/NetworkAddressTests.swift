import ParleyCore
import Testing

@testable import ParleyRemote

@Suite struct NetworkAddressTests {
    /// Each stands for a way in that somebody has used.
    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
        "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001:0:7f00:1::1", "2001::80ff:fffe", "fe80::1",
        "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "2001:10::1",
    ])
    func privateAndReservedAddressesAreRefused(_ text: String) throws {
        #expect(!AddressGuard().allows(try #require(NetworkAddress(text))), "\(text)")
    }

    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "168.63.129.15", "223.255.255.255",
        "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808",
    ])
    func publicAddressesAreAllowed(_ text: String) throws {
        #expect(AddressGuard().allows(try #require(NetworkAddress(text))), "\(text)")
    }

    @Test(arguments: ["2a00:1450::200:5efe:7f00:1", "2a00:1450::5efe:10.0.0.1"])
    func tunnelsIntoPrivateNetworksAreRefused(_ text: String) throws {
        #expect(!AddressGuard().allows(try #require(NetworkAddress(text))), "\(text)")
    }

    @Test func allowedRangesAreComparedInTheirBinaryForm() throws {
        var configuration = AddressGuard.Configuration()
        configuration.allowedRanges = [try #require(NetworkRange("10.20.0.0/15")), try #require(NetworkRange("fd12::/16"))]
        let guardian = AddressGuard(configuration)
        for text in ["10.20.0.1", "10.21.255.255", "::ffff:10.20.0.1", "::ffff:a14:1", "64:ff9b::a14:1", "fd12::1"] {
            #expect(guardian.allows(try #require(NetworkAddress(text))), "\(text)")
        }
        for text in ["10.22.0.0", "10.19.255.255", "fd13::1", "2002:a14:1::", "127.0.0.1", "::1"] {
            #expect(!guardian.allows(try #require(NetworkAddress(text))), "\(text)")
        }
        // A tunnel that is allowed by its own range still may not lead inside.
        configuration.allowedRanges = [try #require(NetworkRange("2002::/16"))]
        #expect(AddressGuard(configuration).allows(try #require(NetworkAddress("2002:808:808::1"))))
        #expect(!AddressGuard(configuration).allows(try #require(NetworkAddress("2002:7f00:1::1"))))
    }

    @Test(arguments: [
        "127.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "127.0.0.01", "1.2.3.4.5", "256.1.1.1", "fe80::1%eth0", "[::1]", "",
    ])
    func onlyThePlainFormIsAnAddress(_ text: String) { #expect(NetworkAddress(text) == nil, "\(text)") }

    @Test(arguments: ["10.0.0.0/33", "10.0.0/8", "fd00::/129", "10.0.0.0/-1", "10.0.0.0/8/8", "/8", "10.0.0.0/"])
    func badRangesAreNone(_ text: String) { #expect(NetworkRange(text) == nil, "\(text)") }

    @Test func theTablesAreWhole() {
        #expect(ReservedRanges.four.count == 19 && ReservedRanges.six.count == 5 && ReservedRanges.publicSix.count == 1)
    }
}
