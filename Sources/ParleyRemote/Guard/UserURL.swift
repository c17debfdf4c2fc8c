import Foundation
public import ParleyCore

/// An `http` or `https` address that a user named, taken apart once: what was looked at is what is called. Forms that programs read
/// differently are refused rather than guessed: credentials, backslashes, control characters, numbers in other than four decimal parts,
/// zones, names in other than ASCII.
public struct UserURL: Hashable, Sendable {
    enum Host: Hashable, Sendable {
        case name(String)
        case address(NetworkAddress)
    }

    static let longest = 2048

    let scheme: String
    let host: Host
    let port: Int
    /// Path and query, escaped; begins with `/`.
    let target: String

    /// - Throws: `remote.address_refused` with the reason in words.
    public init(_ text: String) throws(ParleyError) {
        guard text.utf8.count <= Self.longest else { throw Self.refused("is longer than \(Self.longest) characters") }
        guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F && $0 != "\\" }) else {
            throw Self.refused("has a space, a control character or a backslash in it")
        }
        guard let mark = text.range(of: "://"), ["http", "https"].contains(text[..<mark.lowerBound].lowercased()) else {
            throw Self.refused("does not begin with https:// or http://")
        }
        scheme = text[..<mark.lowerBound].lowercased()
        let rest = text[mark.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        (host, port) = try Self.hostAndPort(authority, scheme)
        let tail = Self.escaped(rest[authority.endIndex...])
        target = tail.hasPrefix("/") ? tail : "/" + tail
        guard URL(string: self.text)?.host == Self.text(host).filter({ $0 != "[" && $0 != "]" }) else {
            throw Self.refused("cannot be read")
        }
    }

    /// The whole address in one plain form.
    public var text: String { origin + target }
    /// Scheme, host and port.
    var origin: String { "\(scheme)://\(Self.text(host)):\(port)" }
    /// For breakers and logs.
    var hostAndPort: String { "\(Self.text(host)):\(port)" }
    /// Whether what is sent can be read on the way.
    public var isPlain: Bool { scheme == "http" }

    /// Where a redirect from here leads (RFC 3986, section 5, without its rare forms).
    /// - Throws: `remote.address_refused`.
    func redirected(to location: String) throws(ParleyError) -> UserURL {
        if location.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:.*/) != nil { return try UserURL(location) }
        if location.hasPrefix("//") { return try UserURL(scheme + ":" + location) }
        if location.hasPrefix("/") { return try UserURL(origin + location) }
        let path = target.prefix { $0 != "?" }
        if location.hasPrefix("?") { return try UserURL(origin + path + location) }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return try UserURL(origin + folder + location)
    }

    static func refused(_ reason: String) -> ParleyError {
        ParleyError(.addressRefused, "The address \(reason).", fields: [FieldError("/url", reason)])
    }

    private static func text(_ host: Host) -> String {
        switch host {
        case .name(let name): name
        case .address(let address): address.isSix ? "[\(address)]" : "\(address)"
        }
    }

    private static func hostAndPort(_ authority: Substring, _ scheme: String) throws(ParleyError) -> (Host, Int) {
        guard !authority.contains("@") else { throw refused("has a user name or password in it") }
        let end: Substring.Index
        let host: Host
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]"),
                let address = NetworkAddress(String(authority[authority.index(after: authority.startIndex)..<bracket])), address.isSix
            else { throw refused("has no plain IPv6 address in its brackets; zones are not taken") }
            (host, end) = (.address(address), authority.index(after: bracket))
        } else {
            let name = authority.prefix { $0 != ":" }
            (host, end) = (try Self.host(name.lowercased()), name.endIndex)
        }
        let rest = authority[end...]
        if rest.isEmpty { return (host, scheme == "http" ? 80 : 443) }
        guard let port = Int(rest.dropFirst()), rest.dropFirst().allSatisfy(\.isNumber), [80, 443].contains(port) || (1024...65535) ~= port
        else { throw refused("has a port that is neither 80, 443 nor from 1024 to 65535") }
        return (host, port)
    }

    private static func host(_ text: String) throws(ParleyError) -> Host {
        if let address = NetworkAddress(text) { return .address(address) }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy({ $0.wholeMatch(of: /[a-z0-9_]([a-z0-9_\-]{0,61}[a-z0-9_])?/) != nil }) else {
            throw refused("has no valid host name; names with other than ASCII letters are written in their xn-- form")
        }
        guard let last = labels.last, last.wholeMatch(of: /[0-9]+|0x[0-9a-f]*/) == nil else {
            throw refused("has a number for a host that is not written as four decimal numbers")
        }
        return .name(name)
    }

    /// Everything but the characters of RFC 3986 percent-escaped; escapes that are there stay.
    private static func escaped(_ text: Substring) -> String {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?".utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isEscape = byte == UInt8(ascii: "%") && bytes.dropFirst(index + 1).prefix(2).count { isHex($0) } == 2  // fits: an index
            if isEscape || allowed.contains(byte) {
                result.append(byte)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += Array("%".utf8) + Array((hex.count == 1 ? "0" + hex : hex).utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isHex(_ byte: UInt8) -> Bool { Character(UnicodeScalar(byte)).isHexDigit }
}
