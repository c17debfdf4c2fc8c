/// A piece of HTML or XML.
enum MarkupToken: Equatable {
    case text(String)
    case start(name: String, attributes: [String: String], isEmpty: Bool)
    case end(name: String)
}

/// Splits HTML or XML into tags and text in one pass. Total: any bytes give tokens, nothing is looked at twice, and entity
/// declarations are skipped unread, so that nothing expands.
struct MarkupTokenizer {
    enum Dialect { case html, xml }

    private let bytes: [UInt8]
    private let dialect: Dialect
    private var position = 0
    /// The element whose content is no markup (HTML only), e.g. `script`.
    private var rawElement: String?
    /// The last `>`: nothing behind it is a tag.
    private let lastClose: Int
    /// What was looked for and is not in the rest: ends of comments, and of elements whose content is no markup.
    private var missing: Set<String> = []

    init(_ text: String, _ dialect: Dialect) { self.init(bytes: Array(text.utf8), dialect) }

    /// - Parameter bytes: UTF-8; what is not valid becomes U+FFFD.
    init(bytes: [UInt8], _ dialect: Dialect) {
        (self.bytes, self.dialect) = (bytes, dialect)
        lastClose = bytes.lastIndex(of: 0x3E) ?? -1
    }

    /// The next piece; nil at the end.
    mutating func next() -> MarkupToken? {
        if let element = rawElement { return rawText(of: element) }
        while position < bytes.count {
            guard bytes[position] == 0x3C else { return text() }
            if let token = markup() { return token }
        }
        return nil
    }

    private mutating func text() -> MarkupToken {
        let start = position
        position = bytes[start...].firstIndex(of: 0x3C) ?? bytes.count
        return .text(MarkupEntities.decode(bytes[start..<position], dialect))
    }

    /// What a `<` begins; nil when it is to be skipped.
    private mutating func markup() -> MarkupToken? {
        let following = position + 1 < bytes.count ? bytes[position + 1] : 0
        if following == 0x21 { return declaration() }
        if following == 0x3F {
            position = end(of: dialect == .xml ? "?>" : ">", from: position + 2)
            return nil
        }
        let isEnd = following == 0x2F
        let nameStart = position + (isEnd ? 2 : 1)
        guard nameStart < lastClose, Self.startsName(bytes[nameStart]) else {
            position += 1
            return .text("<")
        }
        let name = self.name(from: nameStart)
        return isEnd ? endTag(name) : startTag(name)
    }

    private mutating func endTag(_ name: String) -> MarkupToken {
        position = end(of: ">", from: position)
        return .end(name: name)
    }

    private mutating func startTag(_ name: String) -> MarkupToken {
        let (attributes, isEmpty) = attributes()
        if dialect == .html && Self.rawElements.contains(name) && !isEmpty { rawElement = name }
        return .start(name: name, attributes: attributes, isEmpty: isEmpty)
    }

    /// Comment, CDATA section or document type with its internal subset.
    private mutating func declaration() -> MarkupToken? {
        let rest = bytes[position...].prefix(9)
        if rest.starts(with: Array("<!--".utf8)) {
            // `<!-->` is an empty comment; one that nothing closes is none, so that it takes no text with it.
            let end = missing.contains("-->") ? nil : place(of: "-->", from: position + 2)
            if end == nil { missing.insert("-->") }
            position = end ?? position + 4
        } else if rest.starts(with: Array("<![CDATA[".utf8)) {
            let start = position + 9
            position = end(of: "]]>", from: start)
            return .text(String(decoding: bytes[start..<max(start, position - 3)], as: UTF8.self))
        } else {
            skipDocumentType()
        }
        return nil
    }

    private mutating func skipDocumentType() {
        var depth = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x5B && dialect == .xml { depth += 1 }
            if byte == 0x5D && dialect == .xml { depth -= 1 }
            if byte == 0x3E && depth <= 0 { return }
        }
    }

    private mutating func rawText(of element: String) -> MarkupToken? {
        let start = position
        rawElement = nil
        guard let end = missing.contains(element) ? nil : endOfRawText(element, from: start) else {
            missing.insert(element)
            // Without an end a script goes on to the end of the page; what is text goes on as text.
            guard Self.unread.contains(element) else { return next() }
            position = bytes.count
            return nil
        }
        position = end
        return .text(decoded(start..<end, element))
    }

    private func endOfRawText(_ element: String, from start: Int) -> Int? {
        let closing = Array("</\(element)".utf8)
        var index = start
        while index < bytes.count, let found = bytes[index...].firstIndex(of: 0x3C) {
            if bytes[found...].prefix(closing.count).map(Self.lower) == closing { return found }
            index = found + 1
        }
        return nil
    }

    private func decoded(_ range: Range<Int>, _ element: String) -> String {
        element == "title" || element == "textarea"
            ? MarkupEntities.decode(bytes[range], dialect) : String(decoding: bytes[range], as: UTF8.self)
    }

    private static let unread: Set<String> = ["script", "style"]
    private static let rawElements: Set<String> = ["script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp"]
}

/// Tags' inner parts.
extension MarkupTokenizer {
    /// Bytes of a name that tell it from others.
    private static let longestName = 200

    /// Reads a name and moves past it.
    private mutating func name(from start: Int) -> String {
        position = start
        while position < bytes.count, !Self.endsName(bytes[position]) { position += 1 }
        let slice = bytes[start..<position].prefix(Self.longestName)
        return dialect == .html ? String(decoding: slice.map(Self.lower), as: UTF8.self) : String(decoding: slice, as: UTF8.self)
    }

    private mutating func attributes() -> ([String: String], isEmpty: Bool) {
        var found: [String: String] = [:]
        while position < bytes.count {
            switch bytes[position] {
            case 0x3E:
                position += 1
                return (found, false)
            case 0x2F where position + 1 < bytes.count && bytes[position + 1] == 0x3E:
                position += 2
                return (found, true)
            case let byte where Self.isSpace(byte) || byte == 0x2F: position += 1
            default:
                let start = position
                let key = name(from: start)
                if position == start { position += 1 }
                let value = attributeValue()
                if found[key] == nil && found.count < 200 { found[key] = value }
            }
        }
        return (found, false)
    }

    private mutating func attributeValue() -> String {
        skipSpace()
        guard position < bytes.count, bytes[position] == 0x3D else { return "" }
        position += 1
        skipSpace()
        guard position < bytes.count else { return "" }
        let quote = bytes[position]
        let start: Int
        if quote == 0x22 || quote == 0x27 {
            start = position + 1
            position = bytes[start...].firstIndex(of: quote) ?? bytes.count
        } else {
            start = position
            while position < bytes.count, !Self.isSpace(bytes[position]), bytes[position] != 0x3E { position += 1 }
        }
        defer { if position < bytes.count && (quote == 0x22 || quote == 0x27) { position += 1 } }
        return MarkupEntities.decode(bytes[start..<position], dialect)
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    /// The place after the next occurrence of the mark, or the end.
    private func end(of mark: String, from start: Int) -> Int { place(of: mark, from: start) ?? bytes.count }

    /// The place after the next occurrence of the mark.
    private func place(of mark: String, from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        var index = min(start, bytes.count)
        while let found = bytes[index...].firstIndex(of: mark[0]) {
            if bytes[found...].starts(with: mark) { return found + mark.count }
            index = found + 1
        }
        return nil
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func startsName(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lower(byte)) || byte == 0x5F || byte >= 0x80 }
    private static func endsName(_ byte: UInt8) -> Bool { isSpace(byte) || byte == 0x3E || byte == 0x2F || byte == 0x3D }
}
