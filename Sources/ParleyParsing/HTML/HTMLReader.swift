import ParleyCore

/// Turns HTML tokens into blocks. Keeps a stack of open elements but no tree; unmatched end tags are ignored.
struct HTMLReader {
    /// How much of the page is read.
    enum View { case everything, withoutFrame, main }

    private let view: View
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

    init(_ view: View, _ limits: ParsingLimits) { (self.view, builder) = (view, ParsedDocumentBuilder(limits)) }

    mutating func take(_ token: MarkupToken) {
        switch token {
        case .text(let part): takeText(part)
        case .start(let name, let attributes, let isEmpty): start(name, attributes, isEmpty || HTMLElements.void.contains(name))
        case .end(let name): end(name)
        }
    }

    private func isOpen(_ name: String) -> Bool { open[name, default: 0] > 0 }

    private mutating func takeText(_ part: String) {
        if stack.last == "title" && !isOpen("svg") { pageTitle += part }
        guard skipFrom == nil, !isOpen("title"), view != .main || mainFrom != nil else { return }
        text.append(part, keepsSpace: isOpen("pre"))
    }

    private mutating func start(_ name: String, _ attributes: [String: String], _ isVoid: Bool) {
        if name == "meta" { readMeta(attributes) }
        if HTMLElements.block.contains(name) { flush() }
        if name == "br" && skipFrom == nil { text.breakLine() }
        if name == "img", skipFrom == nil, let alternative = attributes["alt"], isOpen("a") || isOpen("figure") {
            text.append(" " + alternative + " ", keepsSpace: false)
        }
        guard !isVoid else { return }
        if mainFrom == nil && HTMLElements.isMain(name, attributes) { mainFrom = stack.count }
        if skipFrom == nil && isSkipped(name, attributes) { skipFrom = stack.count }
        if skipFrom == nil { open(name, attributes) }
        stack.append(name)
        open[name, default: 0] += 1
    }

    private func isSkipped(_ name: String, _ attributes: [String: String]) -> Bool {
        if HTMLElements.silent.contains(name) || view != .everything && HTMLElements.isHidden(attributes) { return true }
        return view != .everything && name != "html" && name != "body"
            && HTMLElements.isFrame(name, attributes, insideMain: mainFrom != nil)
    }

    private mutating func open(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "ul", "menu", "dir": lists.append(nil)
        case "ol": lists.append(attributes["start"].flatMap { Int($0) } ?? 1)
        case "li": pendingMarker = marker()
        case "table" where tables.count >= TableText.deepest: deepTables += 1
        case "table":
            if let outer = tables.indices.last, !tables[outer].isEmpty { emit(tables[outer].releaseRows()) }
            tables.append(HTMLTable())
        case "tr": if !tables.isEmpty { tables[tables.count - 1].beginRow() }
        case "td", "th": if !tables.isEmpty { tables[tables.count - 1].beginCell(isHeader: name == "th") }
        default: break
        }
    }

    private mutating func marker() -> String {
        guard let number = lists.last ?? nil else { return "- " }
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
            if last == name { break }
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "ul", "ol", "menu", "dir": _ = lists.popLast()
        case "li": pendingMarker = nil
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
