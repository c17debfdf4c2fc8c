import Retrieval

/// What can be quoted whole: a sentence, a table's row or a list's item of a passage.
struct QuoteUnit: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case sentence, row, item }

    let kind: Kind
    /// Place of the passage in the list that was read.
    let passage: Int
    /// Unicode scalars of the passage's text, half-open.
    let from: Int
    let to: Int
    let text: String
    /// What it cannot be understood without, in the same passage: a table's first row, the sentence that leads to a list.
    var lead: Range<Int>?
    /// Whether what leads to it may stand before the passage, and then before that in the passage.
    var leadIsElsewhere = false
    /// Headings above it that stand in the passage: small sections share one.
    var titles: [String] = []

    /// Everything in these passages that may be quoted, in reading order.
    static func all(in passages: [Passage]) -> [QuoteUnit] {
        passages.enumerated().flatMap { place, passage in
            var reader = QuoteUnitReader(passage: place)
            return reader.read(passage.text)
        }
    }
}

/// Reads a passage line by line: rows and items are lines of their own, other lines are cut into sentences.
struct QuoteUnitReader {
    let passage: Int
    private var units: [QuoteUnit] = []
    /// The table that the last line was part of, by its first row.
    private var table: Range<Int>?
    /// The last line that was neither a row nor an item, if nothing but its own list followed it.
    private var lead: Range<Int>?
    private var isAtStart = true
    private var titles: [String] = []
    private var lastWasTitle = false

    init(passage: Int) { self.passage = passage }

    mutating func read(_ text: String) -> [QuoteUnit] {
        let lines = SentenceReader.lines(of: text)
        for (index, line) in lines.enumerated() {
            let first = units.count
            let isTitle = index + 1 < lines.count && Self.isTitle(line.text)
            if isTitle {
                titles = lastWasTitle ? titles + [line.text] : [line.text]
                (table, lead) = (nil, nil)
            } else {
                switch Self.kind(of: line.text) {
                case .row: addRow(line)
                case .item: addItem(line)
                case .sentence: addSentences(line)
                }
            }
            for place in first..<units.count { units[place].titles = titles }
            (isAtStart, lastWasTitle) = (false, isTitle)
        }
        return units
    }

    /// Whether a line with something below it is a heading: short, begun with a capital letter, and no sentence.
    private static func isTitle(_ line: String) -> Bool {
        guard kind(of: line) == .sentence, let first = line.first, let last = line.last else { return false }
        return first.isUppercase && (last.isLetter || last.isNumber || last == "?") && line.split(separator: " ").count <= longestTitle
    }

    private static let longestTitle = 12

    private mutating func addRow(_ line: SentenceReader.Sentence) {
        let isFirst = table == nil
        units.append(
            QuoteUnit(
                kind: .row, passage: passage, from: line.from, to: line.to, text: line.text, lead: isFirst ? nil : table,
                leadIsElsewhere: isFirst ? isAtStart : units.last?.leadIsElsewhere == true))
        if isFirst { table = line.from..<line.to }
        lead = nil
    }

    private mutating func addItem(_ line: SentenceReader.Sentence) {
        table = nil
        let opensPassage = isAtStart || (units.last?.kind == .item && units.last?.leadIsElsewhere == true)
        units.append(
            QuoteUnit(
                kind: .item, passage: passage, from: line.from, to: line.to, text: line.text, lead: lead,
                leadIsElsewhere: opensPassage))
    }

    private mutating func addSentences(_ line: SentenceReader.Sentence) {
        table = nil
        let sentences = WholeSentences.of(line)
        units += sentences.map {
            QuoteUnit(kind: .sentence, passage: passage, from: $0.from, to: $0.to, text: $0.text)
        }
        lead = sentences.last.flatMap { $0.text.hasSuffix(":") ? $0.from..<$0.to : nil }
    }

    static func kind(of line: String) -> QuoteUnit.Kind {
        if line.contains(" | ") { return .row }
        if ["- ", "• ", "* "].contains(where: line.hasPrefix) { return .item }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && digits.count <= 3 && line.dropFirst(digits.count).hasPrefix(". ") ? .item : .sentence
    }
}

/// Sentences as a reader takes them: the ends that `SentenceReader` sees after an abbreviation, a bracket or an initial are none.
enum WholeSentences {
    static func of(_ line: SentenceReader.Sentence) -> [SentenceReader.Sentence] {
        let scalars = Array(line.text.unicodeScalars)
        var whole: [(from: Int, to: Int)] = []
        for part in SentenceReader.sentences(of: line.text) {
            if let last = whole.last, goesOn(scalars[last.from..<last.to], with: scalars[part.from..<part.to]) {
                whole[whole.count - 1].to = part.to
            } else {
                whole.append((part.from, part.to))
            }
        }
        return whole.map { SentenceReader.Sentence(from: line.from + $0.from, to: line.from + $0.to, text: scalars[$0.from..<$0.to].text) }
    }

    private static func goesOn(_ first: ArraySlice<Unicode.Scalar>, with next: ArraySlice<Unicode.Scalar>) -> Bool {
        if let letter = next.first, letter.properties.isLowercase { return true }
        let body = first.reversed().drop { closers.contains($0) }
        guard let end = body.first else { return true }
        guard ends.contains(end) else { return true }
        guard end == "." else { return false }
        let word = body.dropFirst().prefix { !$0.properties.isWhitespace && $0 != "(" }.reversed()
        let text = Array(word)[...].text
        return abbreviations.contains(text.lowercased()) || (word.count == 1 && word.first?.properties.isUppercase == true)
    }

    private static let ends: Set<Unicode.Scalar> = [".", "!", "?", "…", ":", "。", "！", "？"]
    private static let closers: Set<Unicode.Scalar> = ["\"", "”", ")", "’", "'", "]", "»"]
    private static let abbreviations: Set<String> = [
        "mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "e.g", "i.e", "no", "inc", "ltd", "co", "jr", "sr", "fig", "cf", "ca", "approx",
        "gen", "col", "lt", "rev", "hon", "u.s", "u.k", "a.m", "p.m", "z.b", "bzw", "nr", "vol", "pp", "ed", "sec", "art",
    ]
}

extension ArraySlice<Unicode.Scalar> {
    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}

extension SentenceReader {
    /// The lines of a text that hold anything, without white space around them.
    static func lines(of text: String) -> [Sentence] {
        var lines: [Sentence] = []
        var start = 0
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            let scalars = Array(line)
            if let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
                let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
            {
                lines.append(Sentence(from: start + first, to: start + last + 1, text: scalars[first...last].text))
            }
            start += scalars.count + 1
        }
        return lines
    }
}
