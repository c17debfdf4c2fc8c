/// The fields above a message or a part of one (RFC 5322, RFC 2045).
struct MIMEHeader {
    private var fields: [(name: String, value: [UInt8])] = []
    private static let (mostFields, longestValue) = (2000, 1 << 16)

    /// - Returns: the header and what stands below it.
    static func read(_ bytes: ArraySlice<UInt8>) -> (MIMEHeader, body: ArraySlice<UInt8>) {
        var header = MIMEHeader()
        var rest = bytes
        while !rest.isEmpty {
            let (line, after) = rest.line
            if line.isEmpty { return (header, after) }
            // A body without a blank line above it.
            guard header.take(line) else { return (header, rest) }
            rest = after
        }
        return (header, rest)
    }

    /// False for what is no field and no more of one.
    private mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
        if line.first == 0x20 || line.first == 0x09 {
            guard !fields.isEmpty else { return false }
            let last = fields.count - 1
            if fields[last].value.count < Self.longestValue { fields[last].value += line.prefix(Self.longestValue) }
            return true
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            // The line that an mbox has above each message.
            return line.starts(with: Array("From ".utf8)) && fields.isEmpty
        }
        if fields.count < Self.mostFields {
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            fields.append((name, Array(line[(colon + 1)...].prefix(Self.longestValue))))
        }
        return true
    }

    /// The first field of this name, in lower case, as text; nil when there is none or it says nothing.
    func text(_ name: String) -> String? {
        guard let value = fields.first(where: { $0.name == name })?.value else { return nil }
        let text = EncodedWords.text(value)
        return text.isEmpty ? nil : text
    }

    /// The first field of this name as a word with parameters.
    func parameters(_ name: String) -> MIMEParameters? {
        fields.first { $0.name == name }.map { MIMEParameters($0.value) }
    }
}

/// `text/plain; charset=utf-8; name*0*=utf-8''Gr%C3%BC` (RFC 2045, RFC 2231).
struct MIMEParameters {
    /// In lower case.
    private(set) var word = ""
    private var values: [String: [UInt8]] = [:]
    private static let most = 200

    init(_ value: [UInt8]) {
        var parts = Self.parts(value)[...]
        word = TextCleaner.line(String(decoding: parts.popFirst() ?? [], as: UTF8.self)).lowercased()
        for part in parts.prefix(Self.most) {
            guard let sign = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: part[..<sign], as: UTF8.self).filter { !$0.isWhitespace }.lowercased()
            if values[name] == nil { values[name] = Self.unquoted(part[(sign + 1)...]) }
        }
    }

    /// The parameter, put together from its pieces; nil when there is none.
    subscript(name: String) -> String? {
        if let value = values[name] { return Self.nonempty(EncodedWords.text(value)) }
        if let value = values[name + "*"] { return Self.nonempty(Self.extended(value)) }
        var (bytes, isExtended) = ([UInt8](), false)
        for number in 0..<Self.most {
            if let piece = values["\(name)*\(number)*"] {
                bytes += piece
                isExtended = true
            } else if let piece = values["\(name)*\(number)"] {
                bytes += piece
            } else {
                break
            }
        }
        return Self.nonempty(isExtended ? Self.extended(bytes) : EncodedWords.text(bytes))
    }

    private static func nonempty(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// `utf-8'en'Gr%C3%BC`.
    private static func extended(_ bytes: [UInt8]) -> String {
        let quote = UInt8(ascii: "'")
        var (charset, rest): (String?, ArraySlice<UInt8>) = (nil, bytes[...])
        if let first = bytes.firstIndex(of: quote), let second = bytes[(first + 1)...].firstIndex(of: quote) {
            (charset, rest) = (String(decoding: bytes[..<first], as: UTF8.self), bytes[(second + 1)...])
        }
        let marked = rest.map { $0 == UInt8(ascii: "%") ? UInt8(ascii: "=") : $0 }
        return TextCleaner.line(TextDecoder.decode(TransferDecoding.quotedPrintable(marked[...]), declared: charset).text)
    }

    /// Between semicolons that no quotation marks hold.
    private static func parts(_ value: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var (isQuoted, isEscaped) = (false, false)
        for byte in value {
            if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            if byte == UInt8(ascii: ";"), !isQuoted { parts.append([]) } else { parts[parts.count - 1].append(byte) }
        }
        return parts
    }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> [UInt8] {
        let body = value.drop { $0 == 0x20 || $0 == 0x09 }
        guard body.first == UInt8(ascii: "\"") else { return Array(body.prefix { $0 != 0x20 && $0 != 0x09 }) }
        var (result, isEscaped) = ([UInt8](), false)
        for byte in body.dropFirst() {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
                continue
            }
            if byte == UInt8(ascii: "\""), !isEscaped { break }
            isEscaped = false
            result.append(byte)
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    /// The first line without its end, and what follows it.
    var line: (line: ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
        guard let end = firstIndex(of: 0x0A) else { return (withoutReturn, self[endIndex...]) }
        return (self[startIndex..<end].withoutReturn, self[(end + 1)...])
    }

    private var withoutReturn: ArraySlice<UInt8> { last == 0x0D ? dropLast() : self }
}
