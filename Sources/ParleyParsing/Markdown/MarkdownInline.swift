/// Takes inline marks out of Markdown: emphasis, code, links (their text stays), pictures (their description stays), tags.
/// One pass: every opener waits on a stack until its closer comes, and what finds none stays as it was written.
struct MarkdownInline {
    private let input: [Unicode.Scalar]
    private var position = 0
    private var output: [Unicode.Scalar] = []
    /// Where in the output an opening bracket stands, and whether an exclamation mark came before it.
    private var brackets: [(place: Int, isPicture: Bool)] = []
    /// Runs of emphasis marks that wait for their closers, by mark.
    private var openers: [Unicode.Scalar: [(place: Int, count: Int)]] = [:]
    /// Places of marks in the output that turned out to be marks.
    private var removed: Set<Int> = []
    /// Where runs of backticks begin, by their length, the last first; found when the first run is met.
    private var codeRuns: [Int: [Int]]?
    /// For each opening sign the place of its closer, found when the first link is met.
    private var closers: MarkdownClosers?

    private let names: MarkdownNames
    /// The text closes each formula at its next `$`, found when the first is met.
    private var dollars: [Int]?
    private var hasCommentEnd = true
    /// Where what follows is set higher or lower.
    private var script: Script?

    /// Stands at the end of a line that its author broke; no text holds it, since control characters are taken out before.
    static let lineBreak: Unicode.Scalar = "\u{B}"

    /// - Parameter joinsLines: line ends become spaces unless the author asked for a break.
    static func plain(_ text: Substring, _ names: MarkdownNames, joinsLines: Bool = false) -> String {
        guard text.utf8.contains(where: isSign) else { return String(text) }
        var inline = MarkdownInline(text, names)
        let result = inline.run()
        return joinsLines ? joined(result) : result.replacing("\u{B}", with: "")
    }

    /// What may be a mark, and the ends of lines.
    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"),
            UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "~"), UInt8(ascii: "$"), 0x0A, 0x0B:
            true
        default: false
        }
    }

    private init(_ text: Substring, _ names: MarkdownNames) { (input, self.names) = (Array(text.unicodeScalars), names) }

    private static func joined(_ text: String) -> String {
        text.unicodeScalars.split(separator: lineBreak).map { part in
            let lines = part.split(separator: "\n").map { TextCleaner.clean(String($0)) }
            return LineJoiner().joinKeepingHyphens(lines)
        }.joined(separator: "\n")
    }

    private mutating func run() -> String {
        while position < input.count { step() }
        var scalars = String.UnicodeScalarView()
        for (index, scalar) in output.enumerated() where !removed.contains(index) { scalars.append(scalar) }
        return MarkupEntities.decode(ArraySlice(String(scalars).utf8), .html)
    }

    private mutating func step() {
        let scalar = input[position]
        if let script, !scalar.properties.isWhitespace {
            self.script = nil
            let isAlone = position + 1 < input.count && input[position + 1] == "<"
            if let sign = script.sign(after: output.suffix(2), before: scalar, isAlone: isAlone) { output.append(sign) }
        }
        switch scalar {
        case "\\" where position + 1 < input.count && Self.isPunctuation(input[position + 1]):
            output.append(input[position + 1])
            position += 2
        case "`": code()
        case "*", "_", "~": emphasis(scalar)
        case "[":
            let isPicture = output.last == "!" && position > 0 && input[position - 1] == "!"
            brackets.append((output.count, isPicture))
            keep(scalar)
        case "]": closeBracket()
        case "<": tag()
        case "$": formula()
        default: keep(scalar)
        }
    }

    private mutating func keep(_ scalar: Unicode.Scalar) {
        output.append(scalar)
        position += 1
    }

    private mutating func code() {
        let run = runLength("`")
        if let close = closingRun(run, from: position + run) {
            var content = input[position + run..<close]
            if content.first == " ", content.last == " ", content.count > 2 { content = content.dropFirst().dropLast() }
            output.append(contentsOf: content)
            position = close + run
        } else {
            output.append(contentsOf: input[position..<position + run])
            position += run
        }
    }

    private func runLength(_ mark: Unicode.Scalar) -> Int {
        input[position...].prefix { $0 == mark }.count
    }

    private mutating func closingRun(_ length: Int, from start: Int) -> Int? {
        if codeRuns == nil { codeRuns = findCodeRuns() }
        while let place = codeRuns?[length]?.last, place < start { codeRuns?[length]?.removeLast() }
        return codeRuns?[length]?.last
    }

    private func findCodeRuns() -> [Int: [Int]] {
        var runs: [Int: [Int]] = [:]
        var end = input.count
        while end > 0 {
            guard input[end - 1] == "`" else {
                end -= 1
                continue
            }
            var start = end - 1
            while start > 0, input[start - 1] == "`" { start -= 1 }
            runs[end - start, default: []].append(start)
            end = start
        }
        return runs
    }

    private mutating func emphasis(_ mark: Unicode.Scalar) {
        let run = runLength(mark)
        let before = position > 0 ? input[position - 1] : " "
        let after = position + run < input.count ? input[position + run] : " "
        let isWithin = Self.isWord(before) && Self.isWord(after)
        // `a_b`, `5*3` and `2**n` are no emphasis.
        let isWord =
            isWithin
            && (mark == "_"
                || mark == "*" && before.isASCII && after.isASCII && (run == 1 || Self.isNumber(before) || Self.isNumber(after)))
        let opens = !after.properties.isWhitespace && !isWord && (mark != "_" || !Self.isWord(before)) && (mark != "~" || run == 2)
        let closes = !before.properties.isWhitespace && !isWord && (mark != "_" || !Self.isWord(after)) && (mark != "~" || run == 2)
        let place = output.count
        output.append(contentsOf: input[position..<position + run])
        position += run
        if closes, let opener = openers[mark]?.popLast() {
            let count = min(opener.count, run)
            removed.formUnion(opener.place + opener.count - count..<opener.place + opener.count)
            removed.formUnion(place..<place + count)
            if opener.count > count { openers[mark, default: []].append((opener.place, opener.count - count)) }
        } else if opens {
            openers[mark, default: []].append((place, run))
        }
    }

    private mutating func closeBracket() {
        guard let open = brackets.popLast() else { return keep("]") }
        guard let end = endOfLink(open.place, isPicture: open.isPicture) else { return keep("]") }
        removed.insert(open.place)
        if open.isPicture && open.place > 0 { removed.insert(open.place - 1) }
        position = end + 1
    }

    /// The last place of the link whose text ends here; nil when the brackets are text: `matrix[i][j]`, `handlers[name](event)`, `[1][2]`.
    private mutating func endOfLink(_ opener: Int, isPicture: Bool) -> Int? {
        let next = position + 1 < input.count ? input[position + 1] : " "
        guard next == "(" || next == "[" else { return nil }
        if closers == nil { closers = MarkdownClosers(input) }
        if next == "[" {
            guard let close = closers?[position + 1] else { return nil }
            let label = position + 2 < close ? String(String.UnicodeScalarView(input[position + 2..<close])) : text(from: opener + 1)
            return label.utf8.count < 1000 && names.defines(label) ? close : nil
        }
        guard let target = closers?.target(in: position + 1) else { return nil }
        let isCall = !isPicture && opener > 0 && (Self.isWord(output[opener - 1]) || output[opener - 1] == "]" || output[opener - 1] == ")")
        return isCall && !MarkdownDefinition.isAddress(input[target.address]) ? nil : target.close
    }

    private func text(from place: Int) -> String {
        place + 1000 > output.count ? String(String.UnicodeScalarView(output[min(place, output.count)...])) : ""
    }

    /// Tags of HTML go, a picture's description stays, `<https://…>` leaves the address; all else is text.
    private mutating func tag() {
        if input[position...].starts(with: "<!--".unicodeScalars), hasCommentEnd {
            let end = commentEnd(from: position + 2)
            hasCommentEnd = end != nil
            if let end { return position = end }
        }
        if let tag = MarkdownTag(input, at: position) {
            guard tag.isMarkup(names) else { return keep("<") }
            if tag.name == "br" { output.append(" ") }
            if tag.name == "img", let words = HTMLFormula.plain(tag.attributes["alt"]) { output.append(contentsOf: words.unicodeScalars) }
            if !tag.isEnd, tag.name == "sup" || tag.name == "sub" { script = tag.name == "sup" ? .above : .below }
            return position = tag.end
        }
        guard let end = input[(position + 1)...].prefix(1000).firstIndex(where: { $0 == ">" || $0 == "<" || $0.properties.isWhitespace }),
            input[end] == ">", input[position + 1..<end].contains(where: { $0 == ":" || $0 == "@" })
        else { return keep("<") }
        output.append(contentsOf: input[position + 1..<end])
        position = end + 1
    }

    private func commentEnd(from start: Int) -> Int? {
        var index = start
        while index + 2 < input.count {
            if input[index] == "-", input[index + 1] == "-", input[index + 2] == ">" { return index + 3 }
            index += 1
        }
        return nil
    }

    /// What stands between dollar signs is a formula, and its marks are its own; prices have blanks or digits where it has none.
    private mutating func formula() {
        let run = runLength("$")
        if dollars == nil { dollars = input.indices.reversed().filter { input[$0] == "$" } }
        while let place = dollars?.last, place < position + run { dollars?.removeLast() }
        guard run <= 2, let close = dollars?.last, close - position <= 2000, position + run < close, isFormula(position + run..<close, run)
        else {
            output.append(contentsOf: input[position..<position + run])
            position += run
            return
        }
        output.append(contentsOf: input[position..<close])
        position = close
        let end = min(run, runLength("$"))
        output.append(contentsOf: input[position..<position + end])
        position += end
    }

    private func isFormula(_ range: Range<Int>, _ run: Int) -> Bool {
        if run == 2 { return true }
        let behind = range.upperBound + 1 < input.count ? input[range.upperBound + 1] : " "
        return !input[range.lowerBound].properties.isWhitespace && !input[range.upperBound - 1].properties.isWhitespace
            && behind.properties.numericType == nil && !input[range].contains("`")
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (0x21...0x7E).contains(scalar.value) && !isWord(scalar) || scalar == "_"
    }
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
