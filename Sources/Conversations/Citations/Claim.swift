import ParleyIndex

/// What a sentence says, in the form in which it is compared: its telling words, and what must agree exactly.
struct Claim: Sendable, Hashable {
    /// Stems, without numbers.
    let words: Set<String>
    /// Digits without grouping; small numbers that are written out count as digits.
    let numbers: Set<String>
    /// Stems of capitalised words that do not begin a sentence.
    let names: Set<String>
    let isNegated: Bool
    /// Which words stand behind one that orders or dates them, such as `first digits` and `June 2021`.
    let order: WordOrder

    var isEmpty: Bool { words.isEmpty && numbers.isEmpty }

    init(_ text: String) {
        let tokens = TellingWords.of(text)
        let written = tokens.compactMap { Self.written[$0] }
        words = tokens.filter { Self.written[$0] == nil && !$0.unicodeScalars.allSatisfy { $0.properties.numericType != nil } }
        numbers = Self.numbers(text).union(written)
        names = Self.names(text)
        isNegated = Self.isNegated(text)
        order = WordOrder(text)
    }

    /// Runs of digits; a comma, a point or an apostrophe between digits belongs to the number, commas and apostrophes as grouping.
    private static func numbers(_ text: String) -> Set<String> {
        var found: Set<String> = []
        var number = ""
        var joiner: Character?
        for character in text {
            if character.isASCII, character.isNumber {
                if let joiner, !number.isEmpty, joiner == "." { number.append(joiner) }
                joiner = nil
                number.append(character)
            } else if !number.isEmpty, joiner == nil, ",.'’".contains(character) {
                joiner = character
            } else {
                if !number.isEmpty { found.insert(number) }
                (number, joiner) = ("", nil)
            }
        }
        if !number.isEmpty { found.insert(number) }
        return found
    }

    private static func names(_ text: String) -> Set<String> {
        var names: Set<String> = []
        for sentence in SentenceReader.sentences(of: text) {
            for word in sentence.text.split(whereSeparator: \.isWhitespace).dropFirst() {
                let bare = word.drop { !$0.isLetter && !$0.isNumber }
                if let first = bare.first, first.isUppercase { names.formUnion(TellingWords.of(String(bare))) }
            }
        }
        return names
    }

    /// `no bigger than` and `not less than` compare; they do not deny.
    private static func isNegated(_ text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" && $0 != "’" }
        return words.indices.contains { index in
            let (word, next) = (words[index], index + 1 < words.count ? words[index + 1] : "")
            let compares = next.hasSuffix("er") || ["more", "less", "only"].contains(next)
            return negations.contains(String(word)) && !compares || word.hasSuffix("n't") || word.hasSuffix("n’t")
        }
    }

    private static let negations: Set<String> = [
        "not", "no", "never", "cannot", "without", "neither", "nor", "none", "nobody", "nothing", "nowhere",
    ]

    private static let written: [String: String] = [
        "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
        "eleven": "11", "twelv": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
        "eighteen": "18", "nineteen": "19", "twenti": "20", "thirti": "30", "forti": "40", "fifti": "50", "sixti": "60", "seventi": "70",
        "eighti": "80", "nineti": "90", "hundr": "100", "thousand": "1000", "million": "1000000",
    ]
}
