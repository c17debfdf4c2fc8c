/// Lines between blank lines.
struct PlainTextGroup {
    let lines: [String]

    /// - Parameter divides: whether long runs without blank lines are taken apart.
    static func groups(of lines: [Substring], divides: Bool = true) -> [PlainTextGroup] {
        var groups: [PlainTextGroup] = []
        var current: [String] = []
        for line in lines {
            if line.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
                if !current.isEmpty { groups.append(PlainTextGroup(lines: current)) }
                current = []
            } else {
                current.append(String(line))
            }
        }
        if !current.isEmpty { groups.append(PlainTextGroup(lines: current)) }
        return divides ? groups.flatMap { $0.divided() } : groups
    }

    /// A long wrapped run without blank lines, divided after the lines that end well before the margin.
    private func divided() -> [PlainTextGroup] {
        let widths = lines.map { $0.unicodeScalars.count }
        let margin = widths.sorted()[widths.count * 9 / 10]
        guard lines.count > 12, !RecordLines.matches(lines), (50...200).contains(margin),
            widths.filter({ $0 * 4 >= margin * 3 }).count * 3 > widths.count
        else {
            return [self]
        }
        var groups: [PlainTextGroup] = []
        var current: [String] = []
        for (line, width) in zip(lines, widths) {
            current.append(line)
            guard width * 4 < margin * 3 else { continue }
            groups.append(PlainTextGroup(lines: current))
            current = []
        }
        return current.isEmpty ? groups : groups + [PlainTextGroup(lines: current)]
    }

    var endsAnyLineInHyphen: Bool { lines.dropLast().contains { $0.utf8.last == 0x2D } }

    /// A heading's text without the line that underlines it.
    var headingText: String { TextCleaner.line(lines.first ?? "") }

    private var isUnderlined: Bool {
        guard lines.count == 2, let rule = lines.last, rule.utf8.count >= 3 else { return false }
        return rule.allSatisfy { $0 == "=" } || rule.allSatisfy { $0 == "-" } || rule.allSatisfy { $0 == "~" }
    }

    /// The level, when these lines are a heading.
    func headingLevel(isFirst: Bool, isLast: Bool) -> Int? {
        if isUnderlined { return lines.last?.hasPrefix("=") == true ? 1 : 2 }
        guard lines.count == 1, !isLast, let line = lines.first, line.utf8.count <= 300 else { return nil }
        return HeadingText.level(TextCleaner.line(line), isTitle: isFirst)
    }

    func blocks(_ joiner: LineJoiner) -> [(kind: ParsedDocument.Kind, text: String)] {
        let starts = lines.indices.filter { ListMarker.length(lines[$0]) != nil }
        if let first = starts.first, starts.count >= 2 && starts.count * 4 >= lines.count || first == 0 {
            var blocks = first > 0 ? [paragraph(lines[..<first], joiner)] : []
            for (position, start) in starts.enumerated() {
                let end = position + 1 < starts.count ? starts[position + 1] : lines.count
                blocks.append((.listItem, item(lines[start..<end], joiner)))
            }
            return blocks
        }
        return [paragraph(lines[...], joiner)]
    }

    private func paragraph(_ lines: ArraySlice<String>, _ joiner: LineJoiner) -> (kind: ParsedDocument.Kind, text: String) {
        let isIndented = lines.allSatisfy { $0.hasPrefix("    ") || $0.hasPrefix("\t") }
        if lines.count > 1 && (isIndented || hasSteps(lines)) && looksLikeCode(lines) {
            return (.code, lines.joined(separator: "\n"))
        }
        if let table = AlignedTable(Array(lines)) { return (.table(hasHeader: table.hasHeader), table.text) }
        let trimmed = lines.map(Self.trimmed)
        return (.paragraph, isWrapped(trimmed) ? joiner.join(trimmed) : Self.dedented(lines).joined(separator: "\n"))
    }

    /// An item's lines go on with its text, unless they are set in more deeply than that: then they are lines of their own, as of code.
    private func item(_ lines: ArraySlice<String>, _ joiner: LineJoiner) -> String {
        let first = lines.first ?? ""
        let column = Self.indent(first) + (ListMarker.length(first) ?? 0)
        guard lines.dropFirst().contains(where: { Self.indent($0) > column + 1 }) else { return joiner.join(lines.map(Self.trimmed)) }
        return ([Self.trimmed(first)] + Self.dedented(lines.dropFirst())).joined(separator: "\n")
    }

    /// Without the indentation that all lines have.
    private static func dedented(_ lines: ArraySlice<String>) -> [String] {
        let common = lines.map(indent).min() ?? 0
        return lines.map { String($0.dropFirst(common)) }
    }

    /// Lines indented below others, as blocks of code are.
    private func hasSteps(_ lines: ArraySlice<String>) -> Bool {
        zip(lines, lines.dropFirst()).contains { Self.indent($1) >= Self.indent($0) + 2 }
    }

    private static func indent(_ line: String) -> Int { line.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    private func looksLikeCode(_ lines: ArraySlice<String>) -> Bool {
        lines.count { line in line.contains { "{};=()<>".contains($0) } || line.hasSuffix(":") } * 2 >= lines.count
    }

    /// True when the lines break where a margin is, and not where their author ended them.
    private func isWrapped(_ lines: [String]) -> Bool {
        guard lines.count > 1 else { return false }
        let widths = lines.map { $0.unicodeScalars.count }
        let widest = widths.max() ?? 0
        guard widest >= 40, widest <= 200, !RecordLines.matches(lines) else { return false }
        let short = widths.dropLast().filter { $0 * 100 < widest * 60 }.count
        return short * 5 <= lines.count - 1
    }

    private static func trimmed(_ line: String) -> String {
        TextCleaner.clean(line)
    }
}

/// The mark that begins a list item: `-`, `*`, `•`, `1.`, `a)` and their like.
enum ListMarker {
    /// Scalars of the mark and the space after it; nil when the line begins no item.
    static func length(_ line: String) -> Int? {
        let body = line.drop { $0 == " " || $0 == "\t" }.prefix(8)
        guard let first = body.first else { return nil }
        if "-*+•◦▪‣–●○■□·".contains(first) { return body.dropFirst().first == " " ? 2 : nil }
        let label = body.prefix { $0.isASCII && ($0.isNumber || $0.isLetter) }
        guard label.count == 1 || !label.isEmpty && label.count <= 3 && label.allSatisfy(\.isNumber) else { return nil }
        let rest = body.dropFirst(label.count)
        guard let sign = rest.first, sign == ")" || sign == "." && label.allSatisfy(\.isNumber), let space = rest.dropFirst().first,
            space == " " || space == "\t"
        else { return nil }
        return label.count + 2
    }
}
