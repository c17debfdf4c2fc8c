/// What the lines of a document define for each other: the labels of links, and the elements that are closed somewhere.
struct MarkdownNames {
    private var labels: Set<String> = []
    private var closed: Set<String> = []

    init(_ lines: some Sequence<Substring>) {
        for line in lines {
            if let label = MarkdownDefinition(line.drop { $0 == ">" || $0 == " " })?.label { labels.insert(Self.normal(label)) }
            learnClosed(line)
        }
    }

    /// Whether there is a link of this label.
    func defines(_ label: String) -> Bool { labels.contains(Self.normal(label)) }

    /// Whether such an element ends anywhere: `<name>` alone is a placeholder more often.
    func closes(_ name: String) -> Bool { closed.contains(name) }

    private static func normal(_ label: String) -> String { TextCleaner.line(label).lowercased() }

    private mutating func learnClosed(_ line: Substring) {
        let bytes = line.utf8
        var index = bytes.startIndex
        while let mark = bytes[index...].firstIndex(of: 0x3C) {
            index = bytes.index(after: mark)
            guard index < bytes.endIndex, bytes[index] == 0x2F else { continue }
            let name = bytes[bytes.index(after: index)...].prefix(32).prefix {
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
            }
            closed.insert(String(decoding: name, as: UTF8.self).lowercased())
        }
    }
}

/// `[label]: address "title"` on a line of its own. What stands behind the colon must look like an address: `[ERROR]: disk full` is text.
struct MarkdownDefinition {
    let label: String

    private static let longestLabel = 300

    init?(_ line: Substring) {
        let scalars = line.unicodeScalars
        guard scalars.first == "[", let close = scalars.prefix(Self.longestLabel).firstIndex(of: "]") else { return nil }
        let label = scalars[scalars.index(after: scalars.startIndex)..<close]
        let rest = scalars[scalars.index(after: close)...]
        guard let first = label.first, first != "^", !label.contains("["), rest.first == ":" else { return nil }
        let target = rest.dropFirst().drop(while: \.properties.isWhitespace)
        let address = target.prefix { !$0.properties.isWhitespace }
        let title = target[address.endIndex...].drop(while: \.properties.isWhitespace)
        guard Self.isAddress(address), Self.isTitle(title) else { return nil }
        self.label = String(label)
    }

    private static func isTitle(_ text: Substring.UnicodeScalarView) -> Bool {
        guard let first = text.first else { return true }
        guard text.dropFirst().first != nil, let last = text.last(where: { !$0.properties.isWhitespace }) else { return false }
        return first == "\"" && last == "\"" || first == "'" && last == "'" || first == "(" && last == ")"
    }

    /// A place on the web, in the document or in a folder.
    static func isAddress(_ text: some BidirectionalCollection<Unicode.Scalar>) -> Bool {
        let head = String(String.UnicodeScalarView(text.prefix(200)))
        guard let first = head.first, let last = text.last else { return false }
        if first == "<" && last == ">" || "/#.".contains(first) && text.count > 1 && last != "." { return true }
        if head.hasPrefix("mailto:") || head.hasPrefix("data:") || head.hasPrefix("tel:") || head.hasPrefix("www.") { return true }
        let scheme = head.prefix { $0.isASCII && $0.isLetter || "+-.".contains($0) }
        if !scheme.isEmpty, head.dropFirst(scheme.count).hasPrefix("://") { return true }
        // `guide.md`, `example.org/page`; no number and no abbreviation.
        guard last != ".", last != ",", let dot = head.firstIndex(of: "."), dot != head.startIndex else { return false }
        return head[head.index(after: dot)...].prefix(2).count { $0.isASCII && $0.isLetter } == 2
    }
}
