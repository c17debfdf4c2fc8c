/// Does a text look like a mail message (RFC 5322) with its header?
enum MailText {
    private static let telling: Set<String> = ["received", "message-id", "mime-version", "return-path", "delivered-to"]
    private static let common: Set<String> = ["from", "to", "subject", "date", "content-type", "cc", "sender", "reply-to"]

    static func isNamed(_ name: String?) -> Bool {
        let name = (name ?? "").lowercased()
        return [".eml", ".mbox", ".mbx", ".mht", ".mhtml"].contains { name.hasSuffix($0) }
    }

    /// - Parameter isNamed: whether the name says so; then a letter's head is enough.
    static func matches(_ sample: String, isNamed: Bool = false) -> Bool {
        var lines = sample.unicodeScalars.prefix(20_000).split(separator: "\n", omittingEmptySubsequences: false).map { Substring($0) }[...]
        if lines.first?.hasPrefix("From ") == true { lines = lines.dropFirst() }
        var found: Set<String> = []
        for line in lines.prefix(100) {
            if line.isEmpty { break }
            if line.first == " " || line.first == "\t" { continue }
            guard let colon = line.firstIndex(of: ":"), !line[..<colon].contains(" ") else { return false }
            found.insert(line[..<colon].lowercased())
        }
        return (isNamed || !found.isDisjoint(with: telling)) && found.intersection(common).count >= 2
    }
}

/// Does a text look like HTML?
enum HTMLText {
    private static let starts = ["<!doctype html", "<html", "<head", "<body"]
    private static let marks = [
        "</p>", "</div>", "</a>", "</li>", "</td>", "</h1>", "</h2>", "</span>", "</title>", "<br", "</ul>", "</b>",
    ]

    /// A whole page.
    static func isPage(_ sample: String) -> Bool {
        let start = afterProlog(String(sample.unicodeScalars.prefix(longestProlog)).lowercased())
        return starts.contains { start.hasPrefix($0) }
    }

    /// A part of a page, marked throughout.
    static func isFragment(_ sample: String) -> Bool {
        let lower = sample.lowercased()
        guard afterProlog(lower).hasPrefix("<") else { return false }
        return marks.filter { lower.contains($0) }.count >= 2
    }

    /// Whether there is any tag in what is named so.
    static func hasTags(_ sample: String) -> Bool {
        zip(sample.utf8, sample.utf8.dropFirst()).contains { $0 == 0x3C && ((0x61...0x7A).contains($1 | 0x20) || $1 == 0x2F || $1 == 0x21) }
    }

    private static let longestProlog = 8192

    /// Without white space, comments, an XML declaration and a document type of another name.
    private static func afterProlog(_ text: String) -> Substring {
        var rest = text[...].drop { $0.isWhitespace }
        for _ in 0..<50 {
            let close = rest.hasPrefix("<!--") ? "-->" : rest.hasPrefix("<?") ? "?>" : nil
            guard let close, let end = rest.firstRange(of: close) else { break }
            rest = rest[end.upperBound...].drop { $0.isWhitespace }
        }
        return rest
    }
}

/// Does a text look like Markdown? Counts the kinds of mark that plain text rarely has.
enum MarkdownText {
    static func matches(_ sample: String, _ name: TextName) -> Bool {
        let (kinds, hits) = count(sample)
        return name == .prose ? kinds >= 3 && hits >= 6 : kinds >= 2 && hits >= 3
    }

    private static func count(_ sample: String) -> (kinds: Int, hits: Int) {
        var hits: [String: Int] = [:]
        var fences = 0
        for line in sample.unicodeScalars.split(separator: "\n") {
            let line = Substring(line.prefix(500))
            if line.hasPrefix("```") || line.hasPrefix("~~~") { fences += 1 }
            if isHeading(line) { hits["heading", default: 0] += 1 }
            if line.hasPrefix("|") && line.contains("---") { hits["table", default: 0] += 2 }
            if line.contains("](") { hits["link", default: 0] += 1 }
            if line.contains("**") { hits["strong", default: 0] += 1 }
            if line.hasPrefix("- ") || line.hasPrefix("* ") { hits["list", default: 0] += 1 }
            if line.hasPrefix("> ") { hits["quote", default: 0] += 1 }
        }
        if fences >= 2 { hits["fence"] = fences }
        if let list = hits["list"], list < 2 { hits["list"] = nil }
        return (hits.count, hits.values.reduce(0, +))
    }

    private static func isHeading(_ line: Substring) -> Bool {
        let marks = line.prefix { $0 == "#" }.count
        return (1...6).contains(marks) && line.dropFirst(marks).first == " " && line.count > marks + 1
    }
}
