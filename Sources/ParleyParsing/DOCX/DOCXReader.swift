import ParleyCore

/// Turns the tokens of `word/document.xml` into blocks.
struct DOCXReader {
    private let styles: DOCXStyles
    private let footnotes: [String: String]
    private let endnotes: [String: String]
    private var numbering: DOCXNumbering
    private var builder: ParsedDocumentBuilder
    /// A text box stands within a paragraph, so paragraphs nest.
    private var paragraphs: [DOCXParagraph] = []
    private var tables: [DOCXTable] = []
    private var inText = false
    /// Depth within elements that repeat or hold no text of the document.
    private var skipDepth = 0
    private var page = 1
    /// The numbers of the notes that were referred to; each note's text stands once, after the paragraph that names it first.
    private var noteNumbers: [String: Int] = [:]
    private var deepTables = 0
    private var title: String?
    private var formulas = DOCXFormulas()
    /// Lines of code, each a paragraph, that stand below each other.
    private var code: [String] = []
    private var unread = DOCXUnread()

    private static let skipped: Set<String> = [
        "mc:Fallback", "instrText", "del", "moveFrom", "sectPr", "rPrChange", "pPrChange", "tblPrChange", "tcPrChange",
        "trPrChange",
    ]

    init(
        _ limits: ParsingLimits, styles: DOCXStyles, numbering: DOCXNumbering, footnotes: [String: String], endnotes: [String: String]
    ) {
        builder = ParsedDocumentBuilder(limits)
        (self.styles, self.numbering, self.footnotes, self.endnotes) = (styles, numbering, footnotes, endnotes)
        builder.beginPage(1)
    }

    mutating func take(_ token: MarkupToken) {
        switch token {
        case .text(let text):
            if inText && skipDepth == 0 { append(text) }
        case .start(let name, let attributes, let isEmpty):
            unread.see(name)
            if skipDepth > 0 || Self.skipped.contains(name) {
                skipDepth += isEmpty ? 0 : 1
            } else {
                start(name, attributes)
                if isEmpty { end(name) }
            }
        case .end(let name):
            if skipDepth > 0 { skipDepth -= 1 } else { end(name) }
        }
    }

    private mutating func append(_ text: String) {
        guard !paragraphs.isEmpty else { return }
        paragraphs[paragraphs.count - 1].append(text)
    }

    private mutating func start(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "p": paragraphs.append(DOCXParagraph())
        case "t": inText = true
        case "tab", "ptab": append("\t")
        case "br": append(attributes["type"] == "page" || attributes["type"] == "column" ? " " : "\n")
        case "cr": append("\n")
        case "noBreakHyphen": append("-")
        case "lastRenderedPageBreak": breakPage()
        case "footnoteReference": reference("f", footnotes, attributes["id"])
        case "endnoteReference": reference("e", endnotes, attributes["id"])
        case "tbl": if tables.count < TableText.deepest { tables.append(DOCXTable()) } else { deepTables += 1 }
        case "tr": if !tables.isEmpty { tables[tables.count - 1].cells.beginRow() }
        case "tblHeader": if let last = tables.indices.last, tables[last].cells.rowCount == 1 { tables[last].hasHeader = attributes.isOn }
        case "firstRow", "tblLook":
            if name == "tblLook", attributes["firstRow"] == "1", let last = tables.indices.last { tables[last].hasHeader = true }
        case "tc": if !tables.isEmpty { tables[tables.count - 1].cells.beginCell() }
        case "gridSpan": if !tables.isEmpty { tables[tables.count - 1].cells.widen(to: attributes.intValue ?? 1) }
        case "gridBefore": if !tables.isEmpty { tables[tables.count - 1].cells.skip(columns: attributes.intValue ?? 0) }
        case "vMerge": if !tables.isEmpty, attributes["val"] != "restart" { tables[tables.count - 1].cells.joinCellAbove() }
        case "sym": append(DOCXSymbols.text(attributes))
        case "wp:docPr": append(attributes["descr"].map { " " + $0 + " " } ?? "")
        default: name.hasPrefix("m:") ? openFormula(name.dropFirst(2), attributes) : property(name, attributes)
        }
    }

    private mutating func openFormula(_ name: Substring, _ attributes: [String: String]) {
        guard let last = paragraphs.indices.last else { return }
        switch name {
        case "t": inText = true
        case "chr": formulas.setSign(attributes["val"])
        case "begChr": formulas.setOpening(attributes["val"])
        case "endChr": formulas.setClosing(attributes["val"])
        default: append(formulas.open(name, at: paragraphs[last].length))
        }
    }

    private mutating func closeFormula(_ name: Substring) {
        guard name != "t" else { return inText = false }
        guard let last = paragraphs.indices.last, let closed = formulas.close(name) else { return }
        if closed.isBracketed { paragraphs[last].bracket(from: closed.start) }
        append(closed.text)
    }

    private mutating func property(_ name: String, _ attributes: [String: String]) {
        guard let last = paragraphs.indices.last else { return }
        switch name {
        case "pStyle": paragraphs[last].style = attributes["val"]
        case "outlineLvl": paragraphs[last].outlineLevel = attributes.intValue
        case "numId": paragraphs[last].numberingID = attributes.intValue
        case "ilvl": paragraphs[last].numberingLevel = attributes.intValue
        default: break
        }
    }

    private mutating func breakPage() {
        guard let last = paragraphs.indices.last else { return }
        if tables.isEmpty { paragraphs[last].breakPage() } else { tables[0].pageBreaks += 1 }
    }

    private mutating func reference(_ kind: String, _ notes: [String: String], _ id: String?) {
        guard let last = paragraphs.indices.last, let id, let note = notes[id], !note.isEmpty else { return }
        if let number = noteNumbers[kind + id] { return paragraphs[last].append("[\(number)]") }
        let number = noteNumbers.count + 1
        noteNumbers[kind + id] = number
        paragraphs[last].append("[\(number)]")
        paragraphs[last].notes.append("[\(number)] \(note)")
    }

    private mutating func end(_ name: String) {
        switch name {
        case "p": if let paragraph = paragraphs.popLast() { close(paragraph) }
        case "t": inText = false
        case _ where name.hasPrefix("m:"): closeFormula(name.dropFirst(2))
        case "tbl" where deepTables > 0: deepTables -= 1
        case "tbl": if let table = tables.popLast() { close(table) }
        default: break
        }
    }

    private mutating func close(_ paragraph: DOCXParagraph) {
        let (kind, marker) = kind(of: paragraph)
        if let last = tables.indices.last {
            let text = TextCleaner.line(paragraph.text)
            if !text.isEmpty { tables[last].append(marker + text) }
            tables[last].notes += paragraph.notes
            return
        }
        if kind == .code, paragraph.pieces.count == 1, paragraphs.isEmpty { return code.append(paragraph.text) }
        flushCode()
        emit(kind, marker, paragraph.pieces)
        for note in paragraph.notes { builder.append(.paragraph, note) }
    }

    private mutating func flushCode() {
        guard !code.isEmpty else { return }
        builder.append(.code, code.joined(separator: "\n"))
        code = []
    }

    /// Gives out a block whose pieces stand on following pages.
    private mutating func emit(_ kind: ParsedDocument.Kind, _ marker: String, _ pieces: [String]) {
        var hasText = false
        for (index, piece) in pieces.enumerated() {
            if index > 0 { nextPage() }
            let text = shaped(piece, kind)
            guard !TextCleaner.line(text).isEmpty else { continue }
            if hasText {
                builder.extendLast(text, glue: piece.first == " " || endsInSpace(pieces[index - 1]) ? " " : "")
            } else {
                builder.append(kind, marker + text)
            }
            hasText = true
        }
    }

    private func shaped(_ piece: String, _ kind: ParsedDocument.Kind) -> String {
        if case .heading = kind { return TextCleaner.line(piece) }
        return kind == .code ? piece : TextCleaner.clean(piece)
    }

    private func endsInSpace(_ text: String) -> Bool { text.unicodeScalars.last?.properties.isWhitespace ?? true }

    private mutating func nextPage() {
        page += 1
        builder.beginPage(page)
    }

    private mutating func kind(of paragraph: DOCXParagraph) -> (ParsedDocument.Kind, marker: String) {
        let text = TextCleaner.line(paragraph.text)
        guard !text.isEmpty else { return (.paragraph, "") }
        var role = styles.role(paragraph.style)
        if let level = paragraph.outlineLevel { role = (0...8).contains(level) ? .heading(min(level + 1, 6)) : role }
        let marker = marker(paragraph)
        switch role {
        case .title:
            title = title ?? text
            return (.heading(level: 1), "")
        case .heading(let level) where text.count <= 300:
            return (.heading(level: level), marker == "- " ? "" : marker ?? "")
        case .caption: return (.caption, marker ?? "")
        case .quote where marker == nil: return (.quote, "")
        case .code where marker == nil: return (.code, "")
        case .listItem: return (.listItem, marker ?? "- ")
        default:
            if let marker { return (.listItem, marker) }
            // A mark that was typed by hand.
            return (ListMarker.length(text) == nil ? .paragraph : .listItem, "")
        }
    }

    /// Nil when the paragraph is in no list.
    private mutating func marker(_ paragraph: DOCXParagraph) -> String? {
        if let id = paragraph.numberingID {
            guard id > 0 else { return nil }
            return numbering.marker(id, level: paragraph.numberingLevel ?? styles.numbering(paragraph.style)?.level ?? 0)
        }
        return styles.numbering(paragraph.style).map { numbering.marker($0.id, level: paragraph.numberingLevel ?? $0.level) }
    }

    private mutating func close(_ table: DOCXTable) {
        let rows = table.cells.rows().filter { row in row.contains { !$0.isEmpty } }
        let lines = rows.map { TableText.row($0) }
        if let last = tables.indices.last {
            tables[last].append(lines.joined(separator: "; "))
            tables[last].pageBreaks += table.pageBreaks
            tables[last].notes += table.notes
            return
        }
        flushCode()
        if table.cells.width < 2 {
            for line in lines { builder.append(.paragraph, line) }
        } else {
            let hasHeader = table.hasHeader || TableText.looksLikeHeader(rows)
            builder.append(.table(hasHeader: hasHeader && lines.count > 1), lines.joined(separator: "\n"))
        }
        for note in table.notes { builder.append(.paragraph, note) }
        for _ in 0..<table.pageBreaks { nextPage() }
    }

    /// Text that stands beside the body: headers and footers of its pages, comments.
    mutating func append(_ texts: [String]) {
        flushCode()
        for text in texts { builder.append(.paragraph, text) }
    }

    mutating func finish(_ properties: DOCXProperties) throws -> ParsedDocument {
        flushCode()
        builder.warnings += unread.warnings
        let stated = TextCleaner.line(properties.title ?? "")
        builder.title = title ?? (stated.isEmpty ? nil : stated)
        builder.metadata = ParsedDocument.Metadata(author: properties.author.flatMap { $0.isEmpty ? nil : $0 }, created: properties.created)
        return try builder.build(withPages: page > 1)
    }
}
