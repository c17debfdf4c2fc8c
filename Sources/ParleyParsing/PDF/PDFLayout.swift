/// Makes paragraphs, headings and lists out of lines and their boxes.
struct PDFLayout {
    /// Lines that belong together, with the page each piece stands on.
    private struct Group {
        var lines: [(page: Int, line: PDFLine)]
        var last: PDFLine? { lines.last?.line }
    }

    private let pages: [PDFPage]
    private let sizes: PDFSizes
    private let joiner: LineJoiner
    private let contents: [[PDFLine]]
    private let furniture: PDFFurniture

    init(_ pages: [PDFPage]) {
        self.pages = pages
        let furniture = PDFFurniture(pages)
        contents = furniture.pages.map { page in
            let lines = PDFTables.joined(page.body)
            // A note up the margin would cut the text in two; a page that is turned keeps its order.
            return lines.filter { !$0.isVertical } + lines.filter(\.isVertical)
        }
        self.furniture = furniture
        sizes = PDFSizes(zip(furniture.pages, contents).map { $0.heads + $1 + $0.feet })
        joiner = LineJoiner(learning: contents.joined().lazy.map(\.text))
    }

    func document(_ info: PDFInfo, _ limits: ParsingLimits) -> ParsedDocumentBuilder {
        var builder = ParsedDocumentBuilder(limits)
        builder.metadata = ParsedDocument.Metadata(author: info.author, created: info.created)
        builder.title = info.title ?? firstPageTitle()
        builder.warnings = furniture.notes
        var shown = 0
        for group in groups() {
            turn(to: group.lines.first?.page ?? shown, &shown, &builder)
            append(group, &shown, &builder)
        }
        turn(to: pages.last?.number ?? 0, &shown, &builder)
        return builder
    }

    private func turn(to page: Int, _ shown: inout Int, _ builder: inout ParsedDocumentBuilder) {
        while shown < page {
            shown += 1
            builder.beginPage(shown)
        }
    }

    /// Adds a group; where it goes on over a page's end, the pages' spans are split within it.
    private func append(_ group: Group, _ shown: inout Int, _ builder: inout ParsedDocumentBuilder) {
        let kind = kind(of: group)
        var rest = group.lines[...]
        var previous: String?
        while let page = rest.first?.page {
            let piece = rest.prefix { $0.page == page }
            rest = rest.dropFirst(piece.count)
            var text = joiner.join(piece.map(\.line.text))
            let seam = rest.first.map { joiner.seam(text, $0.line.text) }
            if seam?.dropsHyphen == true { text = String(text.unicodeScalars.dropLast()) }
            turn(to: page, &shown, &builder)
            if let glue = previous { builder.extendLast(text, glue: glue) } else { builder.append(kind, text) }
            previous = seam?.glue
        }
    }

    /// What stands at the edges comes before and after a page's text, but never within a paragraph that goes on over the page's end.
    private func groups() -> [Group] {
        var groups: [Group] = []
        var text: Int?
        var waiting: [(page: Int, line: PDFLine)] = []
        func giveOutWaiting() {
            groups += waiting.map { Group(lines: [$0]) }
            waiting = []
        }
        for ((page, edges), lines) in zip(zip(pages, furniture.pages), contents) {
            waiting += edges.heads.map { (page.number, $0) }
            let margins = PDFMargins(lines)
            for (index, line) in lines.enumerated() {
                let previous = index > 0 ? lines[index - 1] : nil
                let last = text.map { groups[$0] }
                if let text, previous.map({ joins($0, line, margins, last) }) ?? bridges(last, line) {
                    groups[text].lines.append((page.number, line))
                } else {
                    giveOutWaiting()
                    groups.append(Group(lines: [(page.number, line)]))
                    text = groups.count - 1
                }
            }
            waiting += edges.feet.map { (page.number, $0) }
        }
        giveOutWaiting()
        return groups
    }

    /// True when a line goes on with the paragraph of the line before it.
    private func joins(_ previous: PDFLine, _ line: PDFLine, _ margins: PDFMargins, _ group: Group?) -> Bool {
        guard previous.table == nil, line.table == nil else { return false }
        guard abs(previous.size - line.size) <= 0.12 * max(previous.size, line.size) else {
            return line.size < previous.size * 0.75 && line.text.count <= 3
        }
        if isNumber(previous.text), abs(previous.top - line.top) < 0.4 * line.size, line.left > previous.right { return true }
        if isLeader(previous.text) { return false }
        let isHeading = sizes.level(previous.size) != nil
        if previous.block != line.block { return !isHeading && continuesAcross(previous, line) }
        if ListMarker.length(line.text) != nil { return false }
        let gap = line.top - previous.bottom
        if gap > max(0.9 * line.size, 1.5 * sizes.gap(line.size) + 0.25 * line.size) { return false }
        if isHeading { return true }
        if let group, group.lines.count == 1, HeadingText.numberDepth(previous.text.split(separator: " ")) != nil,
            isShortEnd(previous, margins, line)
        {
            return false
        }
        return !endsParagraph(previous, line, margins)
    }

    /// A line that stops well before the margin although the next word would have fitted ends its paragraph; so does an indented next line.
    private func endsParagraph(_ previous: PDFLine, _ line: PDFLine, _ margins: PDFMargins) -> Bool {
        let indent = line.left - margins.left(line.block)
        let wasIndented = previous.left - margins.left(line.block) > 0.5 * line.size
        if indent > 0.8 * line.size && indent < 4 * line.size && !wasIndented && endsSentence(previous.text)
            && !margins.isCentred(line.block)
        {
            return true
        }
        return isShortEnd(previous, margins, line)
    }

    private func isShortEnd(_ previous: PDFLine, _ margins: PDFMargins, _ line: PDFLine) -> Bool {
        let room = margins.right(line.block) - previous.right
        let firstWord = line.text.prefix { $0 != " " }.count
        let perLetter = (line.right - line.left) / Double(max(line.text.count, 1))
        let fits = room > Double(firstWord + 2) * perLetter + 0.5 * line.size
        guard fits else { return false }
        return endsSentence(previous.text)
            || room > 0.25 * (margins.right(line.block) - margins.left(line.block))
                && line.text.first?.isLowercase != true
    }

    private func endsSentence(_ text: String) -> Bool {
        guard let last = text.last(where: { !"\"'”’)]»".contains($0) }) else { return false }
        return ".!?:;。！？".contains(last)
    }

    /// From one block to the next, only an unfinished sentence goes on.
    private func continuesAcross(_ previous: PDFLine, _ line: PDFLine) -> Bool {
        guard previous.text.count > 25, let first = line.text.first, first.isLowercase else { return false }
        return !endsSentence(previous.text)
    }

    private func bridges(_ group: Group?, _ line: PDFLine) -> Bool {
        guard let last = group?.last, last.table == nil, line.table == nil, abs(last.size - line.size) <= 0.05 * line.size,
            sizes.level(line.size) == nil
        else { return false }
        return continuesAcross(last, line)
    }

    private func kind(of group: Group) -> ParsedDocument.Kind {
        guard let first = group.lines.first?.line else { return .paragraph }
        if let table = first.table { return .table(hasHeader: table.hasHeader) }
        let text = group.lines.map(\.line.text).joined(separator: " ")
        let hasWords = text.unicodeScalars.lazy.filter(\.properties.isAlphabetic).prefix(2).count == 2
        if group.lines.count <= 3, text.count <= (first.text.count > 60 ? 120 : 160), hasWords, !isBulleted(text), !first.isVertical,
            let level = sizes.level(first.size), !isLeader(text)
        {
            return .heading(level: level)
        }
        if ListMarker.length(first.text) != nil, !isNumberedHeading(group, text) { return .listItem }
        if isNumberedHeading(group, text) {
            return .heading(level: min(sizes.levels + (HeadingText.numberDepth(text.split(separator: " ")) ?? 1), 6))
        }
        let lower = text.prefix(8).lowercased()
        return lower.hasPrefix("figure ") || lower.hasPrefix("fig. ") || lower.hasPrefix("table ") ? .caption : .paragraph
    }

    /// A short line of its own such as `2.1 Roles`, no smaller than the text.
    private func isNumberedHeading(_ group: Group, _ text: String) -> Bool {
        guard group.lines.count == 1, text.count <= 90, let line = group.last, line.size >= sizes.body * 0.95, !isLeader(text) else {
            return false
        }
        guard HeadingText.numberDepth(text.split(separator: " ")) != nil, let last = text.last else { return false }
        return !".,;:!?".contains(last)
    }

    private func isBulleted(_ text: String) -> Bool { text.first.map { "-*•◦▪".contains($0) } ?? false }

    /// A line of a table of contents.
    private func isLeader(_ text: String) -> Bool { text.contains(" … ") && text.last?.isLetter != true || text.hasSuffix(" …") }

    /// `1` or `2.3` standing before its heading.
    private func isNumber(_ text: String) -> Bool {
        text.utf8.count <= 6 && text.contains(where: \.isNumber) && text.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// The line group of the first page that stands out most, by size and length.
    private func firstPageTitle() -> String? {
        guard
            let lines = contents.first(where: { !$0.isEmpty })?.filter({ !$0.isVertical && $0.table == nil && $0.size > sizes.body * 1.15 })
        else {
            return nil
        }
        var best: (score: Double, text: String)?
        var rest = lines[...]
        while let first = rest.first {
            let run = rest.prefix { abs($0.size - first.size) < 0.6 }
            rest = rest.dropFirst(run.count)
            let text = joiner.join(run.prefix(4).map(\.text))
            let score = first.size * Double(min(text.count, 40))
            if text.contains(where: \.isLetter), !isLeader(text), score > best?.score ?? 0 { best = (score, text) }
        }
        guard let text = best?.text, !["contents", "table of contents"].contains(text.lowercased()) else { return nil }
        return text
    }
}
