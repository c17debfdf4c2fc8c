import Library
import ParleyDatabase
import ParleyIndex
import Retrieval

/// An answer in the documents' own words: nothing stands in it that they do not say, but for a line above it where it may be none.
struct QuotedAnswer: Sendable {
    /// A stretch of the answer's text, and what stands at its end.
    struct Piece: Sendable {
        let text: String
        var citation: Citation?
        var sentence: SentenceCheck?
        var quote: AnswerQuote?
    }

    let pieces: [Piece]
    /// Whether it is an answer, rather than what stands nearest.
    let isSure: Bool

    /// The best units for the question, whole and in reading order.
    /// - Parameters:
    ///   - reads: one, or one for each thing that is compared.
    ///   - asksForAll: whether lists and tables are quoted to their ends, with a word on what was looked through.
    ///   - isDoubted: whether the search itself says that the passages may not answer.
    ///   - language: of what is said of the quotes.
    static func make(
        _ reads: [ReadPassages], asksForAll: Bool = false, isDoubted: Bool, language: AnswerLanguage = .english, in database: Database
    ) async throws -> QuotedAnswer {
        let isSure = !isDoubted && reads.allSatisfy { $0.probability >= $0.sure }
        let passages = Set(reads.flatMap(\.passages))
        return try await database.read { connection in
            let pages = try PageFinder(Set(passages.map(\.revision)), in: connection)
            var writer = QuoteWriter(pages: pages, head: isSure ? nil : language.nearest)
            for read in reads {
                let choice = QuoteChoice(units: read.units, found: read.found, asksForAll: asksForAll, share: reads.count)
                for group in choice.places(isSure: isSure) {
                    let first = read.units[group.lowerBound]
                    let passage = read.passages[first.passage]
                    let lead = try first.lead(of: passage, in: connection)
                    writer.add(read.units[group].map { $0 }, read.found[group].map(\.words), of: passage, lead: lead)
                }
            }
            if asksForAll {
                let documents = Set(passages.map(\.document)).count
                writer.end(with: language.lookedThrough(passages: passages.count, documents: documents))
            }
            return QuotedAnswer(pieces: writer.pieces, isSure: isSure)
        }
    }
}

/// Chooses what is quoted: runs of units that stand behind each other.
struct QuoteChoice {
    /// Sentences, rows or items of an answer; passages of what stands nearest.
    private static let limit = 3
    /// Items that belong to a sentence which leads to them.
    private static let items = 8
    /// Items or rows of a list that is asked for.
    private static let all = 60
    let units: [QuoteUnit]
    let found: [FoundAnswer]
    /// Whether a list or table that answers is quoted to its ends.
    var asksForAll = false
    /// Things compared, each of which has its share of the answer.
    var share = 1

    private var limit: Int { share == 1 ? Self.limit : 2 }

    func places(isSure: Bool) -> [ClosedRange<Int>] {
        let ranked = units.indices.sorted { (found[$0].score, $1) > (found[$1].score, $0) }
        guard let best = ranked.first else { return [] }
        var chosen: Set<Int> = []
        if isSure {
            // fits: the limit is 2 or 3
            chosen = Set(ranked.prefix(limit).filter { found[$0].score > found[best].score - FoundAnswer.near })
            if chosen.count < limit, let before = antecedent(of: best) { chosen.insert(before) }
        } else {
            var seen: Set<Int> = []
            for index in ranked where seen.count < limit && seen.insert(units[index].passage).inserted { chosen.insert(index) }
        }
        for index in chosen { chosen.formUnion(followers(of: index)) }
        if asksForAll { for index in chosen { chosen.formUnion(whole(around: index)) } }
        return runs(chosen.sorted())
    }

    /// The sentence before one that begins with a word that points at it.
    private func antecedent(of index: Int) -> Int? {
        guard index > 0, units[index].kind == .sentence, units[index - 1].kind == .sentence,
            units[index - 1].passage == units[index].passage, let word = AnswerWord.all(in: units[index].text).first,
            Self.pointers.contains(word.folded)
        else { return nil }
        return index - 1
    }

    /// What a sentence leads to that ends in a colon: a list, or the line behind it.
    private func followers(of index: Int) -> Range<Int> {
        let unit = units[index]
        guard unit.kind == .sentence, unit.text.hasSuffix(":") else { return index..<index }
        let rest = units[(index + 1)...].prefix { $0.passage == unit.passage }
        let items = rest.prefix { $0.kind == .item }.prefix(asksForAll ? Self.all : Self.items)  // fits: constants
        return index + 1..<(items.isEmpty ? index + 1 + min(1, rest.count) : items.endIndex)
    }

    /// The list or table that an item or row is part of.
    private func whole(around index: Int) -> Range<Int> {
        let unit = units[index]
        guard unit.kind != .sentence else { return index..<index }
        func belongs(_ other: QuoteUnit) -> Bool { other.kind == unit.kind && other.passage == unit.passage }
        let behind = units[index...].prefix(Self.all).prefix(while: belongs)
        let before = units[..<index].suffix(Self.all).reversed().prefix(while: belongs).count
        return index - before..<behind.endIndex
    }

    private func runs(_ chosen: [Int]) -> [ClosedRange<Int>] {
        chosen.reduce(into: []) { runs, index in
            if let last = runs.last, last.upperBound + 1 == index, units[index - 1].passage == units[index].passage {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
    }

    private static let pointers: Set<String> = [
        "it", "its", "they", "their", "them", "he", "his", "him", "she", "her", "this", "these", "those", "that", "such",
    ]
}

extension QuoteUnit {
    /// What the unit cannot be understood without: from the passage, or from the text before it.
    fileprivate func lead(of passage: Passage, in connection: Connection) throws -> String? {
        if leadIsElsewhere, let found = try leadBefore(passage, in: connection) { return found }
        return lead.map { passage.text.scalars(from: $0.lowerBound, to: $0.upperBound) }
    }

    private func leadBefore(_ passage: Passage, in connection: Connection) throws -> String? {
        guard passage.from > 0 else { return nil }
        let start = max(0, passage.from - Self.reach)
        guard let before = try ParsedTextStore().text(of: passage.revision, from: start, to: passage.from, in: connection) else {
            return nil
        }
        let lines = SentenceReader.lines(of: before)
        guard kind == .row else { return lines.last { !Self.isItem($0.text) }.flatMap { $0.text.hasSuffix(":") ? $0.text : nil } }
        return lines.reversed().prefix { $0.text.contains(" | ") }.last?.text
    }

    /// Unicode scalars in which the beginning of a table or list is looked for.
    private static let reach = 20_000

    private static func isItem(_ line: String) -> Bool { QuoteUnitReader.kind(of: line) == .item }
}

/// Writes quotes one after the other, and keeps the places of everything in them.
private struct QuoteWriter {
    private(set) var pieces: [QuotedAnswer.Piece] = []
    private let pages: PageFinder
    private var length = 0
    private var numbers: [Int: Int] = [:]
    private var written: Set<[Int]> = []

    init(pages: PageFinder, head: String?) {
        self.pages = pages
        if let head { write(head + ":") }
    }

    /// Units of one passage that follow each other; what is written already is left out.
    /// - Parameter words: of each unit, those that answer.
    mutating func add(_ units: [QuoteUnit], _ words: [[Range<Int>]], of passage: Passage, lead: String?) {
        guard let first = units.first, let last = units.last, written.insert([passage.index, first.from, last.to]).inserted else { return }
        let opening = (length > 0 ? "\n\n" : "") + "“"
        let quote = passage.text.scalars(from: first.from, to: last.to)
        let leadText = lead.map { $0 + "\n" } ?? ""
        let start = length + opening.unicodeScalars.count
        let from = start + leadText.unicodeScalars.count
        let to = from + quote.unicodeScalars.count
        write(opening + leadText + quote + "”")
        let number = numbers[passage.index] ?? numbers.count + 1
        numbers[passage.index] = number
        let place = passage.from + first.from
        let citation = Citation(
            number: number, passage: passage.index, at: length, quote: quote, document: passage.document, revision: passage.revision,
            documentName: passage.documentName, page: pages.page(of: passage.revision, at: place) ?? passage.firstPage, from: place,
            to: passage.from + last.to, support: 1, verdict: .supported)
        let marks = zip(units, words).flatMap { unit, words in
            words.map { word in
                let offset = from + unit.from - first.from
                return AnswerQuote.Place(from: offset + word.lowerBound, to: offset + word.upperBound)
            }
        }
        pieces[pieces.count - 1].citation = citation
        pieces[pieces.count - 1].sentence = SentenceCheck(from: from, to: to, verdict: .supported, support: 1)
        pieces[pieces.count - 1].quote = AnswerQuote(
            place: AnswerQuote.Place(from: from, to: to), citation: number,
            headings: passage.headingPath + first.titles.filter { !passage.headingPath.contains($0) },
            lead: lead.map { AnswerQuote.Place(from: start, to: start + $0.unicodeScalars.count) }, marks: marks)
    }

    /// "All" is no more than what was found.
    mutating func end(with line: String) { write("\n\n" + line) }

    private mutating func write(_ text: String) {
        length += text.unicodeScalars.count
        pieces.append(QuotedAnswer.Piece(text: text))
    }
}
