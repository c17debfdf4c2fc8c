/// Goes through Markdown line by line and gives out blocks.
struct MarkdownScanner {
    typealias Block = (kind: ParsedDocument.Kind, text: String)

    private enum State: Equatable {
        case none, paragraph
        case listItem(String)
        case quote, indentedCode, table
        /// Up to a blank line, or to the end of this element.
        case html(until: String?)
        case fence(mark: UInt8, length: Int, indent: Int)
        case comment
    }

    private let source: ArraySlice<Substring>
    private let names: MarkdownNames
    private let limits: ParsingLimits
    /// Quotes around these lines.
    private let depth: Int
    /// Comments that are never closed are none.
    private let lastCommentEnd: Int
    private var place: Int
    private var blocks: [Block] = []
    private var given = 0
    private var state = State.none
    private var lines: [Substring] = []
    /// The columns at which the text of the open list items begins.
    private var items: [Int] = []

    /// Quotes within quotes that are told apart, and items within items; each quote costs a pass over its lines.
    private static let (deepestQuote, deepestItem) = (8, 40)

    init(_ source: ArraySlice<Substring>, _ names: MarkdownNames, _ limits: ParsingLimits, depth: Int = 0) {
        (self.source, self.names, self.limits, self.depth) = (source, names, limits, depth)
        place = source.startIndex
        lastCommentEnd = source.lastIndex { $0.utf8.contains(0x3E) && $0.contains("-->") } ?? -1
    }

    /// The next block; nil at the end.
    mutating func next() throws -> Block? {
        while given == blocks.count {
            (blocks, given) = ([], 0)
            if place < source.endIndex {
                try take(source[place])
                place += 1
            } else if state != .none {
                try close()
            } else {
                return nil
            }
        }
        given += 1
        return blocks[given - 1]
    }

    private mutating func take(_ raw: Substring) throws {
        let line = MarkdownLine(raw)
        switch state {
        case .fence(let mark, let length, let indent): try takeFenced(raw, line, mark, length, indent)
        case .comment: try takeComment(line)
        case .html(let end): try takeHTML(raw, line, until: end)
        case .indentedCode where line.isBlank || line.within(items.last ?? 0).indent >= 4: lines.append(raw)
        case .table where line.text.contains("|"): lines.append(line.text)
        default: try begin(raw, line)
        }
    }

    private mutating func takeFenced(_ raw: Substring, _ line: MarkdownLine, _ mark: UInt8, _ length: Int, _ indent: Int) throws {
        if let fence = line.within(indent).fence, fence.mark == mark, fence.length >= length, line.text.utf8.count == fence.length {
            try close()
        } else {
            lines.append(MarkdownLine.unindented(raw, by: indent))
        }
    }

    private mutating func takeComment(_ line: MarkdownLine) throws {
        guard let end = line.text.firstRange(of: "-->") else { return }
        state = .none
        let rest = line.text[end.upperBound...]
        if !rest.allSatisfy(\.isWhitespace) { try begin(rest, MarkdownLine(rest)) }
    }

    private mutating func takeHTML(_ raw: Substring, _ line: MarkdownLine, until end: String?) throws {
        guard let end else {
            if line.isBlank { try close() } else { lines.append(raw) }
            return
        }
        lines.append(raw)
        if raw.contains("</"), raw.lowercased().contains("</" + end) { try close() }
    }

    private mutating func begin(_ raw: Substring, _ line: MarkdownLine) throws {
        if line.isBlank { return try close() }
        let outer = items.prefix { $0 <= line.indent }
        let inner = line.within(outer.last ?? 0)
        if let level = inner.underline, state == .paragraph { return closeAsHeading(level) }
        if inner.isTableRule, lines.last?.contains("|") == true, state == .paragraph || isItem { return try beginTable() }
        if let fence = (items.isEmpty ? inner : inner.within(inner.indent)).fence {
            try enter(.fence(mark: fence.mark, length: fence.length, indent: line.indent))
            return items = Array(outer)
        }
        if let heading = inner.heading {
            try close()
            items = Array(outer)
            return emit(.heading(level: heading.level), plain(heading.text))
        }
        if inner.isRule { return try close() }
        if let item = line.item, !items.isEmpty || inner.indent < 4, state != .paragraph || interrupts(line, item.body) {
            items = Array(outer)
            return try begin(item, of: line)
        }
        try beginText(raw, line, inner, Array(outer))
    }

    private var isItem: Bool { if case .listItem = state { true } else { false } }

    /// A number at the start of a paragraph's line begins a list only when it is the first.
    private func interrupts(_ line: MarkdownLine, _ body: Substring) -> Bool { !body.isEmpty && line.itemNumber ?? 1 == 1 }

    /// An item, and what stands on its line: text, another item, a heading, code or a quote.
    private mutating func begin(_ item: (marker: String, body: Substring, width: Int), of line: MarkdownLine) throws {
        try close()
        let column = line.indent + item.width
        if items.count < Self.deepestItem { items.append(column) }
        let body = MarkdownLine(item.body, at: column)
        if let fence = body.within(column).fence {
            return state = .fence(mark: fence.mark, length: fence.length, indent: column)
        }
        if let inner = body.item, !body.within(column).isRule, items.count < Self.deepestItem { return try begin(inner, of: body) }
        if body.text.hasPrefix("> ") || body.within(column).heading != nil {
            return try beginText(item.body, body, body.within(column), items)
        }
        state = .listItem(item.marker)
        lines.append(body.prose)
    }

    private mutating func beginText(_ raw: Substring, _ line: MarkdownLine, _ inner: MarkdownLine, _ outer: [Int]) throws {
        if let heading = inner.heading {
            return emit(.heading(level: heading.level), plain(heading.text))
        }
        if line.text.hasPrefix(">"), inner.indent < 4 {
            if state != .quote { try enter(.quote) }
            items = outer
            let rest = line.text.dropFirst()
            return lines.append(rest.first == " " ? rest.dropFirst() : rest)
        }
        if state == .none {
            items = outer
            if inner.indent >= 4 {
                state = .indentedCode
                return lines.append(raw)
            }
            if line.text.hasPrefix("<!--"), line.text.firstRange(of: "-->") == nil, lastCommentEnd > place {
                return state = .comment
            }
            if inner.beginsHTML(names) {
                let end = inner.opensVerbatim(names)
                state = .html(until: end)
                return try takeHTML(raw, line, until: end)
            }
            if MarkdownDefinition(line.text) != nil { return }
        }
        if state == .none || state == .table || state == .indentedCode {
            try enter(.paragraph)
            items = outer
        }
        lines.append(state == .quote ? line.text : line.prose)
    }

    private mutating func beginTable() throws {
        let header = lines.popLast() ?? ""
        try close()
        state = .table
        lines = [header.trimmingSuffix("\u{B}")]
    }

    private mutating func enter(_ next: State) throws {
        try close()
        state = next
    }

    private mutating func closeAsHeading(_ level: Int) {
        let text = lines.joined(separator: " ")
        (lines, state) = ([], .none)
        emit(.heading(level: level), plain(text[...]))
    }

    /// Gives out the block that is open.
    private mutating func close() throws {
        let (kind, held) = (state, lines)
        (state, lines) = (.none, [])
        guard !held.isEmpty else { return }
        switch kind {
        case .none, .comment: break
        case .paragraph: emit(.paragraph, prose(held))
        case .listItem(let marker):
            let text = prose(held)
            if !text.isEmpty { emit(.listItem, marker + text) }
        case .quote: try emitQuote(held)
        case .fence: emit(.code, held.joined(separator: "\n"))
        case .indentedCode:
            let column = (items.last ?? 0) + 4
            emit(.code, held.map { MarkdownLine.unindented($0, by: column) }.joined(separator: "\n"))
        case .table: emitTable(held)
        case .html: try emitHTML(held.joined(separator: "\n"))
        }
    }

    private func plain(_ text: Substring) -> String { MarkdownInline.plain(text, names) }

    /// Lines as one text; those that are records keep their ends.
    private func prose(_ lines: [Substring]) -> String {
        let areRecords = lines.count > 1 && RecordLines.matches(lines.map { String($0) })
        let text = lines.joined(separator: areRecords ? "\u{B}\n" : "\n")
        return MarkdownInline.plain(text[...], names, joinsLines: true)
    }

    /// What stands in a quote is read like a document of its own.
    private mutating func emitQuote(_ held: [Substring]) throws {
        guard depth < Self.deepestQuote else { return emit(.quote, prose(held)) }
        var scanner = MarkdownScanner(held[...], names, limits, depth: depth + 1)
        while let block = try scanner.next() {
            switch block.kind {
            case .paragraph, .heading: emit(.quote, block.text)
            default: emit(block.kind, block.text)
            }
        }
    }

    private mutating func emitTable(_ rows: [Substring]) {
        let text = rows.map { row in TableText.row(MarkdownLine.cells(row).map { plain($0[...]) }) }
        emit(.table(hasHeader: rows.count > 1), text.joined(separator: "\n"))
    }

    private mutating func emitHTML(_ html: String) throws {
        let part = try HTMLParser().parse(fragment: html, limits)
        for (block, text) in part.texts() { emit(block.kind, text) }
    }

    private mutating func emit(_ kind: ParsedDocument.Kind, _ text: String) { blocks.append((kind, text)) }
}

extension Substring {
    /// Without this sign at the end.
    fileprivate func trimmingSuffix(_ sign: Character) -> Substring { last == sign ? dropLast() : self }
}
