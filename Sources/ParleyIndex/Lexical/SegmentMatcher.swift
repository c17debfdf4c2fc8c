import ParleyCore

/// One segment looked at through one question.
struct SegmentMatcher {
    let segment: LexicalSegment

    /// Live rows that hold a term.
    func documentFrequency(_ term: String) -> Int {
        guard let number = segment.vocabulary.terms[term] else { return 0 }
        let live = segment.directory.live
        return segment.postings.withRows(number) { rows, _ in
            segment.directory.liveCount == live.rows ? rows.count : rows.reduce(0) { $0 + (live[Int($1)] ? 1 : 0) }
        }
    }

    /// The rows that the question's conditions leave of these.
    func restricted(_ rows: Bitmap, by question: LexicalQuestion, stemmer: Stemmer) -> Bitmap {
        var result = rows
        for phrase in question.required { result.formIntersection(self.rows(of: phrase, stemmer)) }
        for phrase in question.excluded { result.subtract(self.rows(of: phrase, stemmer)) }
        return result
    }

    /// The rows that hold a phrase.
    func rows(of phrase: LexicalQuestion.Phrase, _ stemmer: Stemmer) -> Bitmap {
        var result = Bitmap(rows: segment.lengths.count)
        guard let first = phrase.words.first else { return result }
        var starts: [UInt32: [Int]] = [:]
        for (index, word) in phrase.words.enumerated() {
            let found = places(of: word, isExact: phrase.isExact, stemmer, among: index == 0 ? nil : starts)
            let offset = word.position - first.position
            let shifted = found.mapValues { $0.map { $0 - offset } }
            starts =
                index == 0
                ? shifted
                : starts.reduce(into: [:]) { kept, entry in
                    let common = Set(entry.value).intersection(shifted[entry.key] ?? [])
                    if !common.isEmpty { kept[entry.key] = Array(common) }
                }
            if starts.isEmpty { return result }
        }
        for row in starts.keys { result[Int(row)] = true }
        return result
    }

    /// Where a word stands, by row.
    private func places(of word: Token, isExact: Bool, _ stemmer: Stemmer, among rows: [UInt32: [Int]]?) -> [UInt32: [Int]] {
        var variant: UInt32?
        let term: UInt32
        if word.kind == .word, isExact {
            guard let form = segment.vocabulary.forms[word.text] else { return [:] }
            (term, variant) = (form.term, form.variant)
        } else {
            guard let number = segment.vocabulary.terms[word.term(stemmer)] else { return [:] }
            term = number
        }
        var result: [UInt32: [Int]] = [:]
        segment.postings.forEachRow(term) { row, places in
            if let rows, rows[row] == nil { return }
            let fitting = places.filter { variant == nil || $0.variant == variant }
            if !fitting.isEmpty { result[row] = fitting.map { Int($0.position) } }
        }
        return result
    }
}
