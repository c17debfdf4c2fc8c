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

    /// - Parameter joinsLines: line ends become spaces unless the author asked for a break.
    static func plain(_ text: Substring, joinsLines: Bool = false) -> String {
        let marks = "*_`[]\\<&~\n"
        guard text.unicodeScalars.contains(where: { marks.unicodeScalars.contains($0) }) else { return String(text) }
        var inline = MarkdownInline(text)
        let result = inline.run()
        return joinsLines ? joined(result) : result
    }

    private init(_ text: Substring) { input = Array(text.unicodeScalars) }

    private static func joined(_ text: String) -> String {
        text.contains("\n") ? LineJoiner().joinKeepingHyphens(text.split(separator: "\n").map { String($0) }) : text
    }

    private mutating func run() -> String {
        while position < input.count { step() }
        var scalars = String.UnicodeScalarView()
        for (index, scalar) in output.enumerated() where !removed.contains(index) { scalars.append(scalar) }
        return MarkupEntities.decode(ArraySlice(String(scalars).utf8), .html)
    }

    private mutating func step() {
        let scalar = input[position]
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
        let isWord = mark == "_" && Self.isWord(before) && Self.isWord(after)
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
        let next = position + 1 < input.count ? input[position + 1] : " "
        guard next == "(" || next == "[", let end = closer(of: position + 1) else { return keep("]") }
        removed.insert(open.place)
        if open.isPicture && open.place > 0 { removed.insert(open.place - 1) }
        position = end + 1
    }

    /// The place of the sign that closes the one here, when it is near enough for an address or a label.
    private mutating func closer(of opener: Int) -> Int? {
        if closers == nil { closers = MarkdownClosers(input) }
        return closers?[opener].flatMap { $0 - opener <= 2000 ? $0 : nil }
    }

    /// `<tag …>` goes; `<https://…>` leaves the address; a lone `<` stays.
    private mutating func tag() {
        let rest = input[(position + 1)...]
        guard let first = rest.first, first.properties.isAlphabetic || first == "/" || first == "!",
            let end = rest.prefix(1000).firstIndex(where: { $0 == ">" || $0 == "<" }), input[end] == ">"
        else { return keep("<") }
        let body = input[position + 1..<end]
        let isAddress = !body.contains(" ") && (body.contains(":") || body.contains("@")) && first != "!" && first != "/"
        if isAddress { output.append(contentsOf: body) }
        if String(String.UnicodeScalarView(body.prefix(2))).lowercased() == "br" { output.append(" ") }
        position = end + 1
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (0x21...0x7E).contains(scalar.value) && !isWord(scalar) || scalar == "_"
    }
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
