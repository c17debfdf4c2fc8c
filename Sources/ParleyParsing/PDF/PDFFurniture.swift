/// Tells what stands at the edge of pages for its own sake, running heads and page numbers, from content that happens to stand there: by
/// place and repetition both. A text that many pages have stands once; a number is dropped when it counts the pages.
struct PDFFurniture {
    /// A page's lines: those of its text, and those at its edges that are kept.
    struct Parts {
        var body: [PDFLine] = []
        var heads: [PDFLine] = []
        var feet: [PDFLine] = []
    }

    private(set) var pages: [Parts] = []
    /// How often each text was left out after it had stood once, and how many page numbers were.
    private var repeats: [String: Int] = [:]
    private var numbers = 0

    init(_ pages: [PDFPage]) {
        let edges = pages.map(Self.edges)
        let least = max(3, min(pages.count / 20, 10))
        var repetition = Repetition()
        for (page, edges) in zip(pages, edges) { repetition.count(edges.values, on: page.number) }
        var seen: Set<String> = []
        for (page, edges) in zip(pages, edges) {
            var parts = Parts()
            for (place, line) in page.lines.enumerated() {
                guard let edge = edges[place] else {
                    parts.body.append(line)
                    continue
                }
                let isCounted = repetition.counts(edge, on: page.number) >= min(least, max(2, pages.count))
                if edge.isPageNumber, pages.count > 1, edge.isLabelled || isCounted {
                    numbers += 1
                } else if repetition.texts(edge) >= least || edge.isSetOff && isCounted {
                    if seen.insert(edge.key).inserted {
                        if edge.isHead { parts.heads.append(line) } else { parts.feet.append(line) }
                    } else {
                        repeats[TextCleaner.line(line.text), default: 0] += 1
                    }
                } else if repetition.shapes(edge) < least {
                    parts.body.append(line)
                } else if edge.isHead {
                    parts.heads.append(line)
                } else {
                    parts.feet.append(line)
                }
            }
            self.pages.append(parts)
        }
    }

    /// What was left out, for the document's ledger.
    var notes: [String] {
        var notes: [String] = []
        if !repeats.isEmpty {
            let first = repeats.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
            let list = first.map { "“\(String($0.key.unicodeScalars.prefix(60)))” (\($0.value))" }.joined(separator: ", ")
            notes.append(
                "Lines that repeat at the edge of pages stand once; left out after that: \(list)\(repeats.count > 5 ? ", …" : "").")
        }
        if numbers > 0 { notes.append("Page numbers at the edge of pages were left out: \(numbers).") }
        return notes
    }

    /// The lines at the page's edges by their places: those that are set off from the text.
    private static func edges(of page: PDFPage) -> [Int: EdgeText] {
        let (upper, lower) = (page.height * 0.135, page.height * 0.865)
        let inner = page.lines.filter { $0.bottom >= upper && $0.top <= lower }
        let textTop = start(of: page.lines.filter { $0.bottom < upper }, above: inner.map(\.top).min() ?? page.height)
        let textBottom = end(of: page.lines.filter { $0.top > lower }, below: inner.map(\.bottom).max() ?? 0)
        var edges: [Int: EdgeText] = [:]
        for (place, line) in page.lines.enumerated() {
            if line.bottom < upper, line.top < textTop { edges[place] = EdgeText(line.text, isHead: true) }
            if line.top > lower, line.bottom > textBottom { edges[place] = EdgeText(line.text, isHead: false) }
        }
        return edges
    }

    /// Lines nearer to the text than this many sizes go on with it.
    private static let nearness = 0.7

    /// Where the text begins, with the lines above it that are no farther from it than lines are from each other.
    private static func start(of lines: [PDFLine], above text: Double) -> Double {
        var start = text
        for line in lines.sorted(by: { $0.bottom > $1.bottom }) {
            guard start - line.bottom < nearness * line.size else { break }
            start = min(start, line.top)
        }
        return start
    }

    /// Where the text ends, in the same way.
    private static func end(of lines: [PDFLine], below text: Double) -> Double {
        var end = text
        for line in lines.sorted(by: { $0.top < $1.top }) {
            guard line.top - end < nearness * line.size else { break }
            end = max(end, line.bottom)
        }
        return end
    }
}

/// On how many pages the lines at the edges stand.
private struct Repetition {
    private var texts: [String: Int] = [:]
    private var shapes: [String: Int] = [:]
    private var counters: [String: Int] = [:]

    mutating func count(_ edges: some Collection<EdgeText>, on page: Int) {
        for key in Set(edges.map(\.key)) { texts[key, default: 0] += 1 }
        for shape in Set(edges.map(\.shape)) { shapes[shape, default: 0] += 1 }
        for counter in Set(edges.compactMap { $0.counter(on: page) }) { counters[counter, default: 0] += 1 }
    }

    /// The same text.
    func texts(_ edge: EdgeText) -> Int { texts[edge.key] ?? 0 }
    /// The same text but for its numbers.
    func shapes(_ edge: EdgeText) -> Int { shapes[edge.shape] ?? 0 }
    /// With a number that counts the pages.
    func counts(_ edge: EdgeText, on page: Int) -> Int { edge.counter(on: page).flatMap { counters[$0] } ?? 0 }
}

/// A line at a page's edge, with its numbers apart.
private struct EdgeText {
    /// The text without a number that is set off from it, and at which edge it stands.
    let key: String
    /// Whether it is numbers alone, and words that go with a page's number.
    let isPageNumber: Bool
    /// Whether such words say that it is a page's number.
    let isLabelled: Bool
    /// Whether a sign or such a word sets a number off from other text.
    let isSetOff: Bool
    let isHead: Bool
    /// The text with its numbers blanked.
    let shape: String
    private let number: Int?

    private static let labels: Set<String> = [
        "page", "pages", "p", "pg", "seite", "página", "pagina", "sida", "side", "strona", "страница", "стр", "sayfa",
    ]
    private static let joints: Set<String> = ["of", "von", "sur", "de", "di", "av", "af", "z", "из"]
    private static let signs: Set<Character> = ["-", "–", "—", "|", "·", "•", "/", "."]

    init(_ text: String, isHead: Bool) {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).map { String($0) }
        let bare = words.map { $0.trimmed(of: Self.signs) }
        let numbers = bare.map(Self.number)
        let isLabel = bare.map { Self.labels.contains($0) }
        let rest = bare.indices.filter { numbers[$0] == nil && !isLabel[$0] && !Self.joints.contains(bare[$0]) && !bare[$0].isEmpty }
        let values = numbers.compactMap { $0 }
        isLabelled = isLabel.contains(true)
        isPageNumber = rest.isEmpty && (1...2).contains(values.count)
        let place = bare.indices.first { place in
            guard numbers[place] != nil else { return false }
            let (before, after) = (place > 0 ? words[place - 1] : "", place + 1 < words.count ? words[place + 1] : "")
            return (place > 0 && isLabel[place - 1])
                || [before, after].contains { !$0.isEmpty && $0.allSatisfy { Self.signs.contains($0) } }
        }
        isSetOff = place != nil && !rest.isEmpty
        number = isPageNumber ? values.first : place.flatMap { numbers[$0] }
        self.isHead = isHead
        let edge = isHead ? "^" : "_"
        shape = edge + words.indices.map { numbers[$0] == nil ? words[$0] : "#" }.joined(separator: " ")
        key = edge + (isSetOff ? words.indices.filter { $0 != place } : Array(words.indices)).map { words[$0] }.joined(separator: " ")
    }

    /// What lines have in common whose number counts the pages.
    func counter(on page: Int) -> String? { number.map { "\(shape) \($0 - page)" } }

    private static func number(_ word: String) -> Int? {
        guard word.utf8.count <= 5, !word.isEmpty else { return nil }
        if word.allSatisfy({ $0.isASCII && $0.isNumber }) { return word.utf8.count <= 4 ? Int(word) : nil }
        return roman(word)
    }

    private static func roman(_ word: String) -> Int? {
        let values: [Character: Int] = ["i": 1, "v": 5, "x": 10, "l": 50, "c": 100]
        var (total, last) = (0, 0)
        for letter in word.reversed() {
            guard let value = values[letter] else { return nil }
            total += value < last ? -value : value
            last = max(last, value)
        }
        return total
    }
}

extension String {
    fileprivate func trimmed(of signs: Set<Character>) -> String {
        String(drop { signs.contains($0) }.reversed().drop { signs.contains($0) }.reversed())
    }
}
