/// Goes through Markdown line by line and gives out blocks.
struct MarkdownScanner {
    private enum State: Equatable {
        case none, paragraph
        case listItem(String)
        case quote, indentedCode, table, html
        case fence(mark: UInt8, length: Int, indent: Int)
        case comment
    }

    private var builder: ParsedDocumentBuilder
    private let limits: ParsingLimits
    private var state = State.none
    private var lines: [Substring] = []
    private var inList = false

    init(warnings: [String], _ limits: ParsingLimits) {
        (builder, self.limits) = (ParsedDocumentBuilder(limits), limits)
        builder.warnings = warnings
    }

    mutating func apply(_ fields: [String: String]) {
        builder.title = fields["title"]
        builder.metadata.author = fields["author"]
        builder.metadata.created = fields["date"].flatMap { DocumentDate.read($0) }
    }

    mutating func take(_ raw: Substring) throws {
        let line = MarkdownLine(raw)
        switch state {
        case .fence(let mark, let length, let indent): try takeFenced(raw, line, mark, length, indent)
        case .comment: takeComment(line)
        case .html where !line.isBlank: lines.append(raw)
        case .indentedCode where line.indent >= 4 || line.isBlank: lines.append(raw)
        case .table where line.text.contains("|"): lines.append(line.text)
        default: try begin(raw, line)
        }
    }

    private mutating func takeFenced(_ raw: Substring, _ line: MarkdownLine, _ mark: UInt8, _ length: Int, _ indent: Int) throws {
        if let fence = line.fence, fence.mark == mark, fence.length >= length, line.text.utf8.count == fence.length {
            try close()
        } else {
            lines.append(raw.dropFirst(min(indent, raw.prefix { $0 == " " }.count)))
        }
    }

    private mutating func takeComment(_ line: MarkdownLine) {
        if line.text.firstRange(of: "-->") != nil { state = .none }
    }

    private mutating func begin(_ raw: Substring, _ line: MarkdownLine) throws {
        if line.isBlank { return try close() }
        if let level = line.underline, state == .paragraph { return closeAsHeading(level) }
        if line.isTableRule, state == .paragraph, lines.last?.contains("|") == true { return try beginTable() }
        if let fence = line.fence { return try enter(.fence(mark: fence.mark, length: fence.length, indent: line.indent)) }
        if let heading = line.heading {
            try close()
            inList = false
            return emit(.heading(level: heading.level), MarkdownInline.plain(heading.text))
        }
        if line.isRule { return try close() }
        if let item = line.listItem, inList || line.indent < 4 {
            try enter(.listItem(item.marker))
            inList = true
            return lines.append(item.body)
        }
        try beginText(raw, line)
    }

    private mutating func beginText(_ raw: Substring, _ line: MarkdownLine) throws {
        if line.text.hasPrefix(">"), line.indent < 4 {
            if state != .quote { try enter(.quote) }
            return lines.append(line.text.drop { $0 == ">" || $0 == " " })
        }
        if line.indent >= 4 && state == .none && !inList {
            try enter(.indentedCode)
            return lines.append(raw)
        }
        if state == .none, line.text.hasPrefix("<!--"), line.text.firstRange(of: "-->") == nil { return try enter(.comment) }
        if line.beginsHTML && state == .none {
            try enter(.html)
            return lines.append(raw)
        }
        if line.isReferenceDefinition && state == .none { return }
        if state == .none || state == .table || state == .indentedCode {
            if line.indent < 2 { inList = false }
            try enter(.paragraph)
        }
        lines.append(line.text)
    }

    private mutating func beginTable() throws {
        let header = lines.popLast() ?? ""
        try close()
        state = .table
        lines = [header]
    }

    private mutating func enter(_ next: State) throws {
        try close()
        state = next
    }

    private mutating func closeAsHeading(_ level: Int) {
        let text = lines.joined(separator: " ")
        (lines, state) = ([], .none)
        emit(.heading(level: level), MarkdownInline.plain(text[...]))
    }

    /// Gives out the block that is open.
    private mutating func close() throws {
        let (kind, held) = (state, lines)
        (state, lines) = (.none, [])
        guard !held.isEmpty else { return }
        switch kind {
        case .none, .comment: break
        case .paragraph: emit(.paragraph, MarkdownInline.plain(held.joined(separator: "\n")[...], joinsLines: true))
        case .listItem(let marker): emit(.listItem, marker + MarkdownInline.plain(held.joined(separator: "\n")[...], joinsLines: true))
        case .quote: emit(.quote, MarkdownInline.plain(held.joined(separator: "\n")[...], joinsLines: true))
        case .fence: emit(.code, held.joined(separator: "\n"))
        case .indentedCode: emit(.code, held.map { $0.hasPrefix("\t") ? $0.dropFirst() : $0.dropFirst(4) }.joined(separator: "\n"))
        case .table: emitTable(held)
        case .html: try emitHTML(held.joined(separator: "\n"))
        }
    }

    private mutating func emitTable(_ rows: [Substring]) {
        let text = rows.map { row in TableText.row(MarkdownLine.cells(row).map { MarkdownInline.plain($0[...]) }) }
        emit(.table(hasHeader: rows.count > 1), text.joined(separator: "\n"))
    }

    private mutating func emitHTML(_ html: String) throws {
        let part = try HTMLParser().parse(html: html, limits)
        for (block, text) in part.texts() { emit(block.kind, text) }
    }

    private mutating func emit(_ kind: ParsedDocument.Kind, _ text: String) {
        builder.append(kind, text)
    }

    mutating func finish() throws -> ParsedDocument {
        try close()
        return try builder.build()
    }
}
