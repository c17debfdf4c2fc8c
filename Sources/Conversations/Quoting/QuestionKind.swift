import ParleyIndex

/// What a question asks for, where its words tell: an answer to `when` holds a date.
enum QuestionKind: Sendable, Hashable {
    case amount, duration, date, name

    /// Nil when the words do not tell.
    init?(_ question: String) {
        let words = AnswerWord.all(in: question).map(\.folded)
        for (index, word) in words.enumerated() {
            let next = index + 1 < words.count ? words[index + 1] : ""
            switch word {
            case "how" where ["long", "soon"].contains(next): self = .duration
            case "how" where Self.measures.contains(next): self = .amount
            case "when": self = .date
            case "who", "whom", "whose", "where": self = .name
            case "what", "which":
                let near = words[(index + 1)...].prefix(4)
                if near.contains(where: Self.times.contains) {
                    self = .date
                } else if near.contains(where: Self.amounts.contains) {
                    self = .amount
                } else if near.contains(where: Self.names.contains) {
                    self = .name
                } else {
                    continue
                }
            default: continue
            }
            return
        }
        return nil
    }

    private static let measures: Set<String> = [
        "many", "much", "often", "old", "big", "large", "high", "tall", "far", "fast", "deep", "wide", "heavy",
    ]
    private static let times: Set<String> = ["year", "date", "day", "month", "century", "decade", "time"]
    private static let amounts: Set<String> = [
        "percent", "percentage", "number", "port", "amount", "fraction", "proportion", "size", "price", "cost", "population", "limit",
        "maximum", "minimum",
    ]
    private static let names: Set<String> = [
        "person", "city", "country", "company", "place", "name", "organisation", "organization", "river", "region", "state",
    ]

    /// The words of the text that may answer, in Unicode scalars: of the kind, and not what the question says itself.
    func answers(in text: String, asked: Set<String>) -> [Range<Int>] {
        let words = AnswerWord.all(in: text)
        let keys = words.indices.map { isKey(words[$0], isFirst: $0 == 0) || $0 > 0 && isHour(words[$0], behind: words[$0 - 1]) }
        var found: [Range<Int>] = []
        var run: [Int] = []
        func close() {
            defer { run = [] }
            guard let first = run.first, let last = run.last, run.contains(where: { keys[$0] }),
                run.contains(where: { TellingWords.of(words[$0].text).contains { !asked.contains($0) } })
            else { return }
            found.append(words[first].from..<words[last].to)
        }
        for (index, word) in words.enumerated() {
            let fits = keys[index] || (!run.isEmpty && follows(word))
            if !fits || (run.last.map { word.from - words[$0].to > 1 } ?? false) { close() }
            if keys[index] || (fits && !run.isEmpty) { run.append(index) }
        }
        close()
        return found
    }

    /// Whether a number tells a time of day or a year, by the word before it: `at three`.
    private func isHour(_ word: AnswerWord, behind previous: AnswerWord) -> Bool {
        self == .date && AnswerWord.timeLeads.contains(previous.folded) && (word.hasDigit || AnswerWord.numbers.contains(word.folded))
    }

    /// Whether the word alone is of the kind.
    private func isKey(_ word: AnswerWord, isFirst: Bool) -> Bool {
        switch self {
        case .amount, .duration: word.hasDigit || AnswerWord.numbers.contains(word.folded)
        case .date: word.isYear || word.isOfCalendar || word.isTimeOfDay
        case .name: word.isCapitalised && !(isFirst && TellingWords.of(word.text).isEmpty)
        }
    }

    /// Whether the word belongs to one of the kind before it.
    private func follows(_ word: AnswerWord) -> Bool {
        switch self {
        case .amount, .duration: AnswerWord.units.contains(word.folded) || word.folded == "percent"
        case .date: word.hasDigit
        case .name: false
        }
    }
}

/// A word of a text with its place in Unicode scalars: letters and digits, and signs between them.
struct AnswerWord: Sendable, Hashable {
    let from: Int
    let to: Int
    let text: String
    let folded: String

    var hasDigit: Bool { text.contains { $0.isNumber } }
    var isCapitalised: Bool { text.first?.isUppercase == true }
    var isYear: Bool { text.count == 4 && (text.hasPrefix("1") || text.hasPrefix("20")) && text.allSatisfy { $0.isASCII && $0.isNumber } }
    var isOfCalendar: Bool {
        Self.calendar.contains(folded) || (folded.hasSuffix("s") && Self.calendar.contains(String(folded.dropLast())))
    }
    var isTimeOfDay: Bool { text.contains(":") && hasDigit }

    static func all(in text: String) -> [AnswerWord] {
        let scalars = Array(text.unicodeScalars)
        func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic || scalar.properties.numericType != nil }
        var words: [AnswerWord] = []
        var start: Int?
        for index in scalars.indices {
            let isInside =
                isLetter(scalars[index])
                || (start != nil && joiners.contains(scalars[index]) && index + 1 < scalars.count && isLetter(scalars[index + 1]))
            if isInside { start = start ?? index }
            if let from = start, !isInside || index + 1 == scalars.count {
                let to = isInside ? index + 1 : index
                let word = scalars[from..<to].text
                words.append(AnswerWord(from: from, to: to, text: word, folded: word.lowercased()))
                start = nil
            }
        }
        return words
    }

    private static let joiners: Set<Unicode.Scalar> = [".", ",", ":", "'", "’", "-", "/", "_"]

    static let numbers: Set<String> = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
        "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "half", "third", "quarter", "dozen",
        "once", "twice", "one", "zero", "none",
    ]
    static let calendar: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "monday",
        "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "century", "centuries", "today", "yesterday", "daily",
        "weekly", "monthly", "yearly", "noon", "midnight", "weekday", "weekdays", "weekend", "weekends", "morning", "evening", "night",
    ]
    static let timeLeads: Set<String> = ["at", "from", "to", "until", "till", "by", "since", "before", "after", "between"]
    static let units: Set<String> = [
        "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year", "years",
        "decade", "decades", "century", "centuries", "ms", "s", "min", "h", "kb", "mb", "gb", "tb", "bytes", "tokens", "percent", "million",
        "billion", "thousand", "hundred", "metres", "meters", "km", "miles", "people", "characters", "pages",
    ]
}
