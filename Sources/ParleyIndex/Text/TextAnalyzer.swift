/// One thing to index or to look for.
struct Token: Hashable {
    enum Kind {
        /// A word: matched by its stem, told apart in phrases by its folded form.
        case word
        /// One character of a dense script.
        case character
        /// Two neighbouring characters of a dense script, at the place of the first.
        case pair
        /// A whole identifier such as `err_conn-42`, at the place of its first part.
        case identifier
    }

    let kind: Kind
    /// The folded text.
    let text: String
    /// Place among the words of the text, from 0.
    let position: Int

    /// Words and characters advance the position and count as the text's length.
    var isCounted: Bool { kind == .word || kind == .character }
}

/// Cuts a text into tokens.
///
/// Words are runs of letters and digits, folded (see `Folding`). A run of words held together by `_ . / : @ + # & -` that is no mere
/// hyphenation is also indexed whole, so that `ERR_CONN-42`, `foo.bar_baz`, `v1.2.3` and `C++` can be asked for as they are.
/// Quarters and half years are indexed as one thing beside their words (see `Periods`). Scripts without spaces give single characters (for phrases and one-character questions) and overlapping pairs (for ranking).
enum TextAnalyzer {
    static func tokens(_ text: String) -> [Token] {
        var scanner = Scanner(Folding.composed(text).unicodeScalars)
        let tokens = scanner.run()
        return tokens + Periods.tokens(in: tokens)
    }

    private struct Scanner {
        private let scalars: String.UnicodeScalarView
        private var tokens: [Token] = []
        private var position = 0
        /// Where the run of words and joiners began.
        private var runStart: String.UnicodeScalarView.Index?
        private var runPosition = 0
        private var previousDense: (text: String, position: Int)?

        init(_ scalars: String.UnicodeScalarView) { self.scalars = scalars }

        mutating func run() -> [Token] {
            var index = scalars.startIndex
            while index < scalars.endIndex {
                let kind = CharacterKind(scalars[index])
                switch kind {
                case .word: index = takeWord(index)
                case .joiner:
                    previousDense = nil
                    index = scalars.index(after: index)
                case .ignored: index = scalars.index(after: index)
                case .gap, .dense, .emoji:
                    endRun(index)
                    if kind != .gap { takeCharacter(index, kind) } else { previousDense = nil }
                    index = scalars.index(after: index)
                }
            }
            endRun(index)
            return tokens
        }

        private mutating func takeWord(_ start: String.UnicodeScalarView.Index) -> String.UnicodeScalarView.Index {
            previousDense = nil
            if runStart == nil { (runStart, runPosition) = (withSign(start), position) }
            var end = start
            while end < scalars.endIndex, case let kind = CharacterKind(scalars[end]), kind == .word || kind == .ignored {
                end = scalars.index(after: end)
            }
            let text = Folding.fold(Substring(scalars[start..<end]).unicodeScalars)
            if !text.isEmpty, !isPossessive(text, start) {
                tokens.append(Token(kind: .word, text: text, position: position))
                position += 1
            }
            return end
        }

        /// `.NET`, `#channel` and `@name` keep their first sign.
        private func withSign(_ start: String.UnicodeScalarView.Index) -> String.UnicodeScalarView.Index {
            guard start > scalars.startIndex, case let before = scalars.index(before: start), ".#@".unicodeScalars.contains(scalars[before])
            else { return start }
            if before > scalars.startIndex, CharacterKind(scalars[scalars.index(before: before)]) != .gap { return start }
            return before
        }

        /// The `s` of `patient's`.
        private func isPossessive(_ text: String, _ start: String.UnicodeScalarView.Index) -> Bool {
            guard text == "s", let runStart, start > runStart else { return false }
            let before = scalars[scalars.index(before: start)]
            return before == "'" || before == "\u{2019}"
        }

        private mutating func takeCharacter(_ index: String.UnicodeScalarView.Index, _ kind: CharacterKind) {
            let text = Folding.fold(Substring(scalars[index...index]).unicodeScalars)
            guard !text.isEmpty else { return }
            if kind == .dense, let previousDense {
                tokens.append(Token(kind: .pair, text: previousDense.text + text, position: previousDense.position))
            }
            tokens.append(Token(kind: .character, text: text, position: position))
            previousDense = kind == .dense ? (text, position) : nil
            position += 1
        }

        /// Ends a run before `end`, adding it as an identifier when it is one.
        private mutating func endRun(_ end: String.UnicodeScalarView.Index) {
            guard let start = runStart else { return }
            runStart = nil
            var run = scalars[start..<end]
            while let last = run.last, CharacterKind(last) == .joiner, last != "+", last != "#" { run.removeLast() }
            guard Self.isIdentifier(run) else { return }
            let text = Folding.fold(Substring(run).unicodeScalars)
            tokens.append(Token(kind: .identifier, text: text, position: runPosition))
        }

        private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII ? ("0"..."9").contains(scalar) : scalar.properties.generalCategory == .decimalNumber
        }

        /// Single letters with dots, such as `e.g` and `U.S`.
        private static func isAbbreviation(_ run: Substring.UnicodeScalarView) -> Bool {
            run.enumerated().allSatisfy { $0.offset.isMultiple(of: 2) ? $0.element.properties.isAlphabetic : $0.element == "." }
        }

        /// Holds a joiner, and a digit or a joiner that ordinary prose does not hold.
        private static func isIdentifier(_ run: Substring.UnicodeScalarView) -> Bool {
            var joined = false
            var telling = false
            for scalar in run {
                if CharacterKind(scalar) == .joiner {
                    joined = true
                    if !"-'&/\u{2019}\u{2010}\u{2011}".unicodeScalars.contains(scalar) { telling = true }
                } else if isDigit(scalar) {
                    telling = true
                }
            }
            return joined && telling && !isAbbreviation(run)
        }
    }
}
