/// Quarters and half years, however they are written: `Q2 2022`, `second quarter of fiscal 2022`, `three months ended June 30, 2022`,
/// `2022-06-30` are one thing to look for. Reports of a company differ in little else.
enum Periods {
    /// One token for each period that these words name, at the place of its first word.
    static func tokens(in tokens: [Token]) -> [Token] {
        let words = tokens.filter { $0.kind == .word }
        var found: [Token] = []
        for index in words.indices {
            let next = words[index...]
            guard let period = ended(next) ?? closed(next.prefix(4).map(\.text)) ?? named(words, index) else { continue }
            // A space, which no other token has, keeps it apart from what is written so.
            found.append(Token(kind: .identifier, text: "\(period.year) \(period.part)", position: words[index].position))
        }
        return found
    }

    private typealias Period = (year: Int, part: String)

    /// `Q2` or `second quarter`, with a year behind or before it.
    private static func named(_ words: [Token], _ index: Int) -> Period? {
        guard let (part, next) = part(words, index) else { return nil }
        var place = next
        while place < words.count, place < next + 2, fillers.contains(words[place].text) { place += 1 }
        if place < words.count, let year = year(words[place].text) { return (year, part) }
        return index > 0 ? year(words[index - 1].text).map { ($0, part) } : nil
    }

    /// The part of a year that begins at this word, and the place behind it.
    private static func part(_ words: [Token], _ index: Int) -> (String, Int)? {
        let word = words[index].text
        if word.count == 2, let letter = word.first, "qh".contains(letter), let number = Int(String(word.dropFirst())),
            (1...(letter == "q" ? 4 : 2)).contains(number)
        {
            return (word, index + 1)
        }
        guard index + 1 < words.count, let number = ordinals[word] else { return nil }
        switch words[index + 1].text {
        case "quarter", "quarterly": return ("q\(number)", index + 2)
        case "half" where number == 1 || number == 2: return ("h\(number)", index + 2)
        case "half" where word == "last": return ("h2", index + 2)
        default: return nil
        }
    }

    /// `quarterly period ended June 2022`.
    private static func ended(_ words: ArraySlice<Token>) -> Period? {
        guard let first = words.first, spans.contains(first.text) else { return nil }
        let rest = words.dropFirst().map(\.text)
        guard let verb = rest.prefix(2).firstIndex(where: { $0 == "ended" || $0 == "ending" }) else { return nil }
        // With a day it is the last day of a quarter, which is read by itself.
        let date = Array(rest[(verb + 1)...].prefix(2))
        guard date.count == 2, let quarter = quarters[date[0]], let year = year(date[1]) else { return nil }
        return (year, quarter)
    }

    /// The last day of a quarter: `March 31, 2021`, `31 March 2021`, `2021-03-31`, `end of March 2021`.
    private static func closed(_ words: [String]) -> Period? {
        guard words.count >= 3 else { return nil }
        if let year = year(words[0]), let quarter = days["\(words[1])-\(words[2])"] { return (year, quarter) }
        let isEnd = words[0] == "end" && words[1] == "of"
        let date = isEnd ? Array(words.dropFirst(2)) : words
        let (beforeYear, all) = isEnd ? (date.prefix(1), date.prefix(2)) : (date.prefix(2), date.prefix(3))
        guard let quarter = beforeYear.compactMap({ quarters[$0] }).first, let year = all.last.flatMap(year),
            isEnd || beforeYear.contains(where: { $0 == "30" || $0 == "31" })
        else { return nil }
        return (year, quarter)
    }

    private static func year(_ word: String) -> Int? {
        guard word.count == 4, let number = Int(word), (1900...2199).contains(number) else { return nil }
        return number
    }

    private static let fillers: Set<String> = ["of", "in", "the", "fiscal", "fy", "year", "for"]
    private static let spans: Set<String> = ["months", "quarter", "period"]
    private static let ordinals = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
    ]
    private static let days = ["03-31": "q1", "06-30": "q2", "09-30": "q3", "12-31": "q4"]
    private static let quarters = ["march": "q1", "june": "q2", "september": "q3", "december": "q4"]
}
