/// The text of a message, as people write it: what they quote is told apart from what they say, and what stands below `-- ` is the signature.
struct MailBody {
    private(set) var blocks: [(kind: ParsedDocument.Kind, text: String)] = []

    /// - Throws: `document.too_complex`.
    init(plain part: MIMEPart, _ text: String, _ limits: ParsingLimits) throws {
        var own: [String] = []
        var quoted: [String] = []
        var (signature, isSignature): ([String], Bool) = ([], false)
        func endOwn() throws {
            defer { own = [] }
            guard own.contains(where: { !$0.isEmpty }) else { return }
            let document = try PlainTextParser().parse(text: own.joined(separator: "\n"), .prose, limits)
            // A short line of a letter is a greeting rather than a heading.
            blocks += document.texts().map { ($0.kind.isHeading ? .paragraph : $0.kind, $1) }
        }
        func endQuoted() {
            defer { quoted = [] }
            for group in PlainTextGroup.groups(of: quoted.map { $0[...] }, divides: false) {
                blocks.append((.quote, group.lines.joined(separator: "\n")))
            }
        }
        for line in Self.lines(text, part) {
            if isSignature {
                signature.append(line)
            } else if line.hasPrefix(">") {
                try endOwn()
                quoted.append(String(line.dropFirst(line.hasPrefix("> ") ? 2 : 1)))
            } else if line == "-- " || line == "--" {
                isSignature = true
            } else {
                endQuoted()
                own.append(line)
            }
        }
        endQuoted()
        try endOwn()
        blocks.append((.paragraph, signature.joined(separator: "\n")))
    }

    private static func lines(_ text: String, _ part: MIMEPart) -> [String] {
        let lines = TextCleaner.normalise(text).utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard part.isFlowed else { return lines }
        var joined: [String] = []
        var goesOn = false
        for raw in lines {
            let line = raw.hasPrefix(" ") ? String(raw.dropFirst()) : raw
            let marks = line.prefix { $0 == ">" }
            if goesOn, let last = joined.last, last.prefix(while: { $0 == ">" }) == marks, line != "-- " {
                let rest = line.dropFirst(marks.count)
                joined[joined.count - 1] =
                    (part.dropsBlanks ? String(last.dropLast()) : last) + (rest.hasPrefix(" ") ? rest.dropFirst() : rest)
            } else {
                joined.append(line)
            }
            goesOn = line.hasSuffix(" ") && line != "-- "
        }
        return joined
    }
}
