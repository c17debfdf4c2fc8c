/// Cuts drafts out of the text and finds their pages; drafts come in rising order.
struct ChunkWriter {
    private let document: ParsedDocument
    private let context: ChunkContext
    private let countTokens: @Sendable (String) -> Int
    private var cursor: ScalarCursor
    private var ordinal = 0
    private var page = 0

    init(_ document: ParsedDocument, _ context: ChunkContext, countTokens: @escaping @Sendable (String) -> Int) {
        (self.document, self.context, self.countTokens) = (document, context, countTokens)
        cursor = ScalarCursor(document.text)
    }

    mutating func write(_ draft: ChunkDraft) -> Chunk {
        defer { ordinal += 1 }
        let text = cursor.slice(from: draft.from, to: draft.to)
        let lines = context.lines(draft.path).filter { !text.hasPrefix($0) } + [draft.header?.embedded].compactMap(\.self) + [text]
        let embedded = lines.joined(separator: "\n")
        let (first, last) = pages(draft)
        return Chunk(
            ordinal: ordinal, from: draft.from, to: draft.to, text: text, headingPath: draft.path, firstPage: first, lastPage: last,
            tableHeader: draft.header?.text, tokens: countTokens(embedded), embeddedText: embedded)
    }

    private mutating func pages(_ draft: ChunkDraft) -> (Int?, Int?) {
        let pages = document.pages
        guard !pages.isEmpty else { return (nil, nil) }
        while page + 1 < pages.count, pages[page].to <= draft.from { page += 1 }
        var last = page
        while last + 1 < pages.count, pages[last + 1].from < draft.to { last += 1 }
        while last > page, pages[last].from == pages[last].to { last -= 1 }
        return (pages[page].number, pages[last].number)
    }
}
