import ParleyCore
import Testing

@testable import ParleyRemote

@Suite struct UserURLTests {
    @Test(arguments: [
        ("https://Hooks.Example.com/a/b?c=d#e", "https://hooks.example.com:443/a/b?c=d"),
        ("HTTP://example.com", "http://example.com:80/"), ("https://example.com.:8443?x", "https://example.com:8443/?x"),
        ("https://xn--bcher-kva.example/ü|[%20%zz", "https://xn--bcher-kva.example:443/%C3%BC%7C%5B%20%25zz"),
        ("https://[2606:4700:4700:0:0:0:0:1111]/", "https://[2606:4700:4700::1111]:443/"), ("https://8.8.8.8/", "https://8.8.8.8:443/"),
        ("https://[::ffff:127.0.0.1]/", "https://[::ffff:127.0.0.1]:443/"), ("https://a_b.example/", "https://a_b.example:443/"),
    ])
    func addressesAreBroughtIntoOnePlainForm(_ text: String, _ plain: String) throws {
        #expect(try UserURL(text).text == plain)
        #expect(try UserURL(plain).text == plain)
    }

    /// Forms that programs read differently, or that are no web address at all.
    @Test(arguments: [
        "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)",
        "https://", "https:///path", "https://user@example.com/", "https://user:pass@127.0.0.1/", "https://example.com@127.0.0.1/",
        "https://example.com\\@127.0.0.1/", "https://example.com:80@127.0.0.1/", "https://exa mple.com/", "https://example.com/\r\nHost: x",
        "https://example.com\u{0}.evil.com/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://017700000001/",
        "https://0177.0.0.1/", "https://127.1/", "https://127.0.1/", "https://127.0.0.1.2/", "https://127.0.0.0x1/", "https://1.2.3.09/",
        "https://256.256.256.256/", "https://[::1%25lo]/", "https://[fe80::1%eth0]/", "https://[127.0.0.1]/", "https://[::1/",
        "https://::1/",
        "https://[::1]x/", "https://example.com:0/", "https://example.com:22/", "https://example.com:65536/", "https://example.com:/",
        "https://example.com:80:80/", "https://bücher.example/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://%31%32%37.0.0.1/",
        "https://-a.example/", "https://a..example/", "https://.example/", "https://exa\u{AD}mple.com/",
    ])
    func formsThatCanBeReadTwoWaysAreRefused(_ text: String) {
        let error = #expect(throws: ParleyError.self, "\(text)") { _ = try UserURL(text) }
        #expect(error?.code == .addressRefused && error?.fields.first?.pointer == "/url", "\(text)")
    }

    @Test func longAddressesAreRefused() {
        #expect(throws: ParleyError.self) { _ = try UserURL("https://example.com/" + String(repeating: "a", count: 2048)) }
        #expect(throws: ParleyError.self) { _ = try UserURL("https://" + String(repeating: "a", count: 64) + ".com/") }
    }

    @Test(arguments: [
        ("https://other.example/x", "https://other.example:443/x"), ("//other.example/x", "https://other.example:443/x"),
        ("/x?y", "https://example.com:8443/x?y"), ("x", "https://example.com:8443/a/x"), ("?z", "https://example.com:8443/a/b?z"),
        ("http://169.254.169.254/", "http://169.254.169.254:80/"),
    ])
    func redirectsAreResolved(_ location: String, _ target: String) throws {
        #expect(try UserURL("https://example.com:8443/a/b?c").redirected(to: location).text == target)
    }

    @Test(arguments: ["file:///etc/passwd", "//user@x/", "\\\\10.0.0.1\\x", "https://0x7f.1/"])
    func badRedirectsAreRefused(_ location: String) throws {
        let url = try UserURL("https://example.com/a")
        #expect(throws: ParleyError.self) { _ = try url.redirected(to: location) }
    }
}
