import ParleyCore

/// Collects blocks into one text and keeps their spans exact.
struct ParsedDocumentBuilder {
    private var text = ""
    private var length = 0
    private var blocks: [ParsedDocument.Block] = []
    private var pages: [ParsedDocument.Page] = []
    private var openPage: (number: Int, from: Int)?
    private let limits: ParsingLimits
    /// Whether something came after the document was full; it was left out, and building fails.
    private var isOverfull = false
    /// Files that stood in the text, encoded as letters, and were left out.
    private var embeddedFiles = 0
    var title: String?
    var metadata = ParsedDocument.Metadata()
    var warnings: [String] = []

    init(_ limits: ParsingLimits = .standard) { self.limits = limits }

    /// True while nothing has been added.
    var isEmpty: Bool { blocks.isEmpty }
    /// Scalars so far.
    var count: Int { length }

    /// Begins a page; text that follows stands on it. Beyond the limit everything stands on the last page.
    mutating func beginPage(_ number: Int) {
        guard pages.count < limits.pages else { return }
        closePage()
        openPage = (number, length)
    }

    /// Adds a block of cleaned, trimmed text; nothing when no text is left. A heading that is too long for one is a paragraph.
    mutating func append(_ wanted: ParsedDocument.Kind, _ raw: String) {
        let clean = TextCleaner.clean(withoutFiles(raw), keepsIndentation: wanted == .code)
        let count = clean.unicodeScalars.count
        let kind = wanted.isHeading && count > Self.longestHeading ? .paragraph : wanted
        guard count > 0, hasRoom(count) else { return }
        let from = separate(before: kind)
        text += clean
        length += count
        blocks.append(ParsedDocument.Block(kind: kind, from: from, to: length, page: openPage?.number))
    }

    /// Goes on with the last block on the page that is open now: a paragraph that a page break interrupts.
    mutating func extendLast(_ raw: String, glue: String) {
        let clean = TextCleaner.clean(withoutFiles(raw))
        let count = glue.unicodeScalars.count + clean.unicodeScalars.count
        guard !clean.isEmpty, hasRoom(count), let last = blocks.popLast() else { return }
        text += glue + clean
        length += count
        blocks.append(ParsedDocument.Block(kind: last.kind, from: last.from, to: length, page: last.page))
    }

    /// Adds what another document says, its headings below one of this level.
    mutating func append(_ document: ParsedDocument, below level: Int) {
        for (block, text) in document.texts() {
            let kind: ParsedDocument.Kind
            if case .heading(let own) = block.kind { kind = .heading(level: min(own + level, 6)) } else { kind = block.kind }
            append(kind, text)
        }
    }

    private static let longestHeading = 300

    /// The text without the files that stand in it.
    mutating func withoutFiles(_ text: String) -> String {
        guard let (rest, count) = EmbeddedFiles.cut(from: text) else { return text }
        embeddedFiles += count
        return rest
    }

    private mutating func hasRoom(_ count: Int) -> Bool {
        if length + count + 2 > limits.textLength || blocks.count >= limits.blocks { isOverfull = true }
        return !isOverfull
    }

    private mutating func separate(before kind: ParsedDocument.Kind) -> Int {
        guard let last = blocks.last else { return length }
        let separator = last.kind == .listItem && kind == .listItem ? "\n" : "\n\n"
        text += separator
        length += separator.unicodeScalars.count
        return length
    }

    private mutating func closePage() {
        guard let page = openPage else { return }
        pages.append(ParsedDocument.Page(number: page.number, from: page.from, to: length))
        openPage = nil
    }

    /// The highest heading, when there is one alone and it stands near the start: it names the document.
    private func soleTopHeading() -> String? {
        let headings = blocks.compactMap { block -> (level: Int, block: ParsedDocument.Block)? in
            if case .heading(let level) = block.kind { (level, block) } else { nil }
        }
        guard let top = headings.map(\.level).min() else { return nil }
        let highest = headings.filter { $0.level == top }
        guard highest.count == 1, let only = highest.first?.block, blocks.prefix(4).contains(only) else { return nil }
        return text.scalarSlice(from: only.from, to: only.to)
    }

    /// - Parameter withPages: false when the pages turned out not to be known.
    /// - Throws: `document.too_complex` when there was more text than is read.
    mutating func build(withPages: Bool = true) throws -> ParsedDocument {
        if isOverfull { throw ParsingErrors.tooMuchText(limits) }
        closePage()
        if !withPages {
            pages = []
            blocks = blocks.map { ParsedDocument.Block(kind: $0.kind, from: $0.from, to: $0.to, page: nil) }
        }
        if embeddedFiles > 0 {
            warnings.append("Files that stand in the text, encoded as letters, were left out: \(embeddedFiles).")
        }
        let name = TextCleaner.line(title ?? soleTopHeading() ?? "")
        return ParsedDocument(
            text: text, length: length, blocks: blocks, pages: pages, title: name.isEmpty ? nil : String(name.unicodeScalars.prefix(300)),
            metadata: metadata, language: nil, warnings: warnings)
    }
}
