/// Finds what stands on many pages at the same place: running headers, footers, page numbers.
struct PDFFurniture {
    private let repeated: Set<String>
    private let pageCount: Int

    init(_ pages: [PDFPage]) {
        var counts: [String: Int] = [:]
        for page in pages {
            let keys = Set(page.lines.filter { Self.isAtEdge($0, page) }.map { Self.key($0, page) })
            for key in keys { counts[key, default: 0] += 1 }
        }
        let least = max(3, min(pages.count / 20, 10))
        repeated = Set(counts.filter { $0.value >= least }.keys)
        pageCount = pages.count
    }

    /// The page's lines without its furniture.
    func content(of page: PDFPage) -> [PDFLine] {
        page.lines.filter { line in
            guard Self.isAtEdge(line, page) else { return true }
            return !repeated.contains(Self.key(line, page)) && !(pageCount > 1 && Self.isPageNumber(line.text))
        }
    }

    private static func isAtEdge(_ line: PDFLine, _ page: PDFPage) -> Bool {
        line.bottom < page.height * 0.135 || line.top > page.height * 0.865
    }

    /// The text with its numbers blanked, and at which edge it stands.
    private static func key(_ line: PDFLine, _ page: PDFPage) -> String {
        let shape = line.text.lowercased().split(separator: " ").map { $0.contains(where: \.isNumber) || isRoman($0) ? "#" : String($0) }
        return (line.top < page.height / 2 ? "^" : "_") + shape.joined(separator: " ")
    }

    private static func isRoman(_ word: Substring) -> Bool {
        !word.isEmpty && word.utf8.count <= 5 && word.allSatisfy { "ivxlc".contains($0) }
    }

    private static func isPageNumber(_ text: String) -> Bool {
        let words = text.lowercased().split(whereSeparator: { " -–—|/".contains($0) })
        let rest = words.filter { !["page", "of", "p.", "seite", "von", "sur"].contains($0) }
        return !rest.isEmpty && rest.count <= 2
            && rest.allSatisfy { $0.count <= 4 && $0.allSatisfy { $0.isASCII && $0.isNumber } || isRoman($0) }
    }
}
