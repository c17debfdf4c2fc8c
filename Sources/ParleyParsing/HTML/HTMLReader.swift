import ParleyCore

/// Turns HTML tokens into blocks. Keeps a stack of open elements but no tree; unmatched end tags are ignored.
struct HTMLReader {
    /// How much of the page is read.
    enum View { case everything, withoutFrame, main }

    private let view: View
    /// Of the page; what is known before the reading says what its frame is.
    private(set) var shape: HTMLPageShape
    private var builder: ParsedDocumentBuilder
    private var stack: [String] = []
    private var open: [String: Int] = [:]
    /// Stack heights at which skipping and main content began.
    private var skipFrom: Int?
    private var mainFrom: Int?
    private var text = HTMLInlineText()
    private var lists: [Int?] = []
    private var tables: [HTMLTable] = []
    private var deepTables = 0
    private var pageTitle = ""
    private var pendingMarker: String?
    private var formula = HTMLFormula()
    /// Readings of characters that were put in brackets here.
    private var openReadings = 0

    init(_ view: View, _ shape: HTMLPageShape, _ limits: ParsingLimits) {
        (self.view, self.shape, builder) = (view, shape, ParsedDocumentBuilder(limits))
    }

    mutating func take(_ token: MarkupToken) {
        switch token {
        case .text(let part): takeText(part)
        case .start(let name, let attributes, let isEmpty): start(name, attributes, isEmpty || HTMLElements.void.contains(name))
        case .end(let name): end(name)
        }
    }

    private func isOpen(_ name: String) -> Bool { open[name, default: 0] > 0 }

    /// Whether what comes is part of what is read.
    private var isReading: Bool { skipFrom == nil && (view != .main || mainFrom != nil) }

    private mutating func takeText(_ part: String) {
        if stack.last == "title" && !isOpen("svg") { pageTitle += part }
        guard isReading, !isOpen("title") else { return }
        if isOpen("math") { return text.append(formula.text(part), keepsSpace: false) }
        text.append(part, keepsSpace: isOpen("pre"))
    }

    private mutating func start(_ name: String, _ attributes: [String: String], _ isVoid: Bool) {
        // A title that nothing closes ends at the next element.
        if isOpen("title") && !isOpen("svg") { end("title") }
        if name == "meta" { readMeta(attributes) }
        if HTMLElements.block.contains(name) { flush() }
        if isReading { insert(name, attributes, isVoid) }
        guard !isVoid else { return }
        if HTMLElements.isMain(name, attributes) {
            shape.hasMain = true
            if mainFrom == nil { mainFrom = stack.count }
        }
        if name == "h1" || name == "h2", mainFrom != nil || !isOpen("header") { shape.hasHeadingOutsideHeader = true }
        if skipFrom == nil && isSkipped(name, attributes) { skipFrom = stack.count }
        if skipFrom == nil { open(name, attributes) }
        stack.append(name)
        open[name, default: 0] += 1
    }

    /// What an element is in the text by itself.
    private mutating func insert(_ name: String, _ attributes: [String: String], _ isVoid: Bool) {
        switch name {
        case "br": text.breakLine()
        case "img": if let words = HTMLFormula.plain(attributes["alt"]) { text.append(" " + words + " ", keepsSpace: false) }
        case "input" where attributes["type"] == "checkbox" || attributes["type"] == "radio":
            text.append(attributes["checked"] == nil ? "[ ] " : "[x] ", keepsSpace: false)
        case "sup": text.begin(.above)
        case "sub": text.begin(.below)
        case "rt" where !text.endsInBracket:
            text.append("(", keepsSpace: false)
            openReadings += 1
        case "math": if let words = HTMLFormula.plain(attributes["alttext"]) { text.append(" " + words + " ", keepsSpace: false) }
        default:
            guard isOpen("math") else { return }
            text.append(formula.open(name), keepsSpace: false)
            if isVoid { text.append(formula.close(), keepsSpace: false) }
        }
    }

    private func isSkipped(_ name: String, _ attributes: [String: String]) -> Bool {
        if name == "math" { return HTMLFormula.plain(attributes["alttext"]) != nil }
        if HTMLElements.silent.contains(name) { return name != "button" || !isInHead }
        if view != .everything && HTMLElements.isHidden(attributes) { return true }
        return view != .everything && name != "html" && name != "body"
            && HTMLElements.isFrame(name, attributes, insideMain: mainFrom != nil, shape)
    }

    /// Where a button is what opens the text below it.
    private var isInHead: Bool {
        HTMLElements.heads.contains { isOpen($0) }
    }

    private mutating func open(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "ul", "menu", "dir": lists.append(nil)
        case "ol": lists.append(attributes["start"].flatMap { Int($0) } ?? 1)
        case "li": pendingMarker = marker(attributes["value"].flatMap { Int($0) })
        case "table" where tables.count >= TableText.deepest: deepTables += 1
        case "table":
            if let outer = tables.indices.last, !tables[outer].isEmpty { emit(tables[outer].releaseRows()) }
            tables.append(HTMLTable())
        case "tr": if !tables.isEmpty { tables[tables.count - 1].beginRow() }
        case "td", "th":
            guard !tables.isEmpty else { break }
            let (columns, rows) = (attributes["colspan"].flatMap { Int($0) } ?? 1, attributes["rowspan"].flatMap { Int($0) } ?? 1)
            tables[tables.count - 1].beginCell(isHeader: name == "th" || isOpen("thead"), columns: columns, rows: rows)
        default: break
        }
    }

    private mutating func marker(_ value: Int?) -> String {
        guard let next = lists.last ?? nil else { return "- " }
        let number = value ?? next
        lists[lists.count - 1] = number < Int.max ? number + 1 : number
        return "\(number). "
    }

    private mutating func end(_ name: String) {
        if HTMLElements.block.contains(name) { flush() }
        guard isOpen(name) else { return }
        while let last = stack.popLast() {
            open[last, default: 1] -= 1
            let wasSkipped = skipFrom != nil
            if let from = skipFrom, stack.count <= from { skipFrom = nil }
            if let from = mainFrom, stack.count <= from { mainFrom = nil }
            if !wasSkipped { close(last) }
            if last == "math" { formula = HTMLFormula() }
            if last == name { break }
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "ul", "ol", "menu", "dir": _ = lists.popLast()
        case "li": pendingMarker = nil
        case "rt" where openReadings > 0:
            text.append(")", keepsSpace: false)
            openReadings -= 1
        case _ where isOpen("math"): text.append(formula.close(), keepsSpace: false)
        case "table" where deepTables > 0: deepTables -= 1
        case "table":
            guard let table = tables.popLast() else { return }
            emit(table.blocks())
        default: break
        }
    }

    private mutating func emit(_ blocks: [HTMLTable.Block]) {
        for block in blocks {
            if tables.isEmpty { builder.append(block.kind, block.text) } else { tables[tables.count - 1].append(block.text) }
        }
    }

    /// Ends the block that is being written.
    private mutating func flush() {
        let content = text.take()
        guard !content.isEmpty else { return }
        if !tables.isEmpty && !isOpen("caption") {
            tables[tables.count - 1].append(content)
            return
        }
        let kind = kind()
        let marker = kind == .listItem ? pendingMarker ?? "" : ""
        if kind == .listItem { pendingMarker = nil }
        builder.append(kind, marker + content)
    }

    private func kind() -> ParsedDocument.Kind {
        if isOpen("pre") { return .code }
        for level in 1...6 where isOpen("h\(level)") { return .heading(level: level) }
        if isOpen("caption") || isOpen("figcaption") { return .caption }
        if isOpen("li") { return .listItem }
        return isOpen("blockquote") ? .quote : .paragraph
    }

    private mutating func readMeta(_ attributes: [String: String]) {
        let name = (attributes["name"] ?? attributes["property"] ?? "").lowercased()
        let content = TextCleaner.line(attributes["content"] ?? "")
        guard !content.isEmpty else { return }
        if name == "author" || name == "dc.creator" { builder.metadata.author = content }
        if name == "article:published_time" || name == "dc.date" || name == "date" {
            builder.metadata.created = builder.metadata.created ?? DocumentDate.read(content)
        }
    }

    mutating func finish(warnings: [String]) throws -> ParsedDocument {
        flush()
        while let table = tables.popLast() { emit(table.blocks()) }
        let title = TextCleaner.line(pageTitle)
        builder.title = title.isEmpty ? nil : title
        builder.warnings = warnings
        return try builder.build()
    }
}
