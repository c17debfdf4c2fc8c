import ParleyCore

/// One pass over a text that copies everything but secrets.
struct RedactionScanner {
    let bytes: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    private static let mask = Array(Secret.mask.utf8)
    private static let schemes = ["bearer", "basic"]

    init(bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    mutating func redacted() -> String {
        while position < bytes.count {
            let word = end(of: position) { Self.isWord($0) }
            if word > position {
                copyWord(upTo: word)
            } else if !maskUserInfo() {
                output.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Handles the word that begins here: a scheme with credentials, a secret's name with its value, a JSON web token, an e-mail address.
    private mutating func copyWord(upTo end: Int) {
        let word = String(decoding: bytes[position..<end], as: UTF8.self).streamSafe.lowercased()
        let start = position
        if word.hasPrefix("eyj"), word.split(separator: ".").count >= 3 {
            output += Self.mask
            position = end
        } else if end < bytes.count, bytes[end] == UInt8(ascii: "@"), maskMail(end) {
            return
        } else {
            output += bytes[start..<end]
            position = end
            if Self.schemes.contains(word) {
                maskCredentials()
            } else if Redaction.isSecret(key: word) {
                maskValue()
            }
        }
    }

    /// After `Bearer`: spaces and the credentials.
    private mutating func maskCredentials() {
        let start = end(of: position) { $0 == UInt8(ascii: " ") }
        let stop = end(of: start) { Self.isWord($0) || "~+/=".utf8.contains($0) }
        guard start > position, stop - start >= 6 else { return }
        output += bytes[position..<start] + Self.mask
        position = stop
    }

    /// After `password`: an optional quotation mark, `=` or `:`, and the value to the next delimiter.
    private mutating func maskValue() {
        var start = position
        if start < bytes.count, Self.isQuote(bytes[start]) { start += 1 }
        start = end(of: start) { $0 == UInt8(ascii: " ") }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "=") || bytes[start] == UInt8(ascii: ":") else { return }
        start = end(of: start + 1) { $0 == UInt8(ascii: " ") }
        let quote = start < bytes.count && Self.isQuote(bytes[start]) ? bytes[start] : nil
        if quote != nil { start += 1 }
        var stop = quote.map { mark in end(of: start) { $0 != mark } } ?? end(of: start) { !Self.isDelimiter($0) }
        if quote == nil, Self.schemes.contains(String(decoding: bytes[start..<stop].prefix(7), as: UTF8.self).lowercased()) {
            stop = end(of: end(of: stop) { $0 == UInt8(ascii: " ") }) { !Self.isDelimiter($0) }
        }
        guard stop > start else { return }
        output += bytes[position..<start] + Self.mask
        position = stop
    }

    /// At `://user:password@`: keeps the user, masks the password.
    private mutating func maskUserInfo() -> Bool {
        guard bytes[position...].starts(with: "://".utf8) else { return false }
        let start = position + 3
        let stop = end(of: start) { !Self.isDelimiter($0) && $0 != UInt8(ascii: "/") }
        guard let at = bytes[start..<stop].lastIndex(of: UInt8(ascii: "@")) else { return false }
        let user = bytes[start..<at].firstIndex(of: UInt8(ascii: ":")).map { bytes[position...$0] } ?? bytes[position..<start]
        output += user + Self.mask
        position = at
        output.append(bytes[position])
        position += 1
        return true
    }

    /// At `name@host.tld`: keeps the first letter and the host.
    private mutating func maskMail(_ at: Int) -> Bool {
        let stop = end(of: at + 1) { Self.isWord($0) }
        guard bytes[(at + 1)..<stop].contains(UInt8(ascii: ".")) else { return false }
        let first = String(decoding: bytes[position..<at], as: UTF8.self).prefix(1)
        output += Array(first.utf8) + Array("•••".utf8) + bytes[at..<stop]
        position = stop
        return true
    }

    private func end(of start: Int, while holds: (UInt8) -> Bool) -> Int {
        var index = start
        while index < bytes.count, holds(bytes[index]) { index += 1 }
        return index
    }

    /// Letters, digits, marks of names and mail addresses, and every byte of a character beyond ASCII.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"), 0x80...: true
        default: false
        }
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
    private static func isDelimiter(_ byte: UInt8) -> Bool { byte <= 0x20 || "\"',;&)}]>".utf8.contains(byte) }
}
