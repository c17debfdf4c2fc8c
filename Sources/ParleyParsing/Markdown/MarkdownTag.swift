/// A tag of HTML within Markdown, as CommonMark writes it (6.6).
struct MarkdownTag {
    let name: String
    let isEnd: Bool
    let attributes: [String: String]
    /// The place behind `>`.
    let end: Int

    /// Scalars of a tag.
    private static let longest = 4000

    /// - Parameter start: the place of `<`.
    init?(_ input: [Unicode.Scalar], at start: Int) {
        var index = start + 1
        let limit = min(input.count, start + Self.longest)
        func skipSpace() { while index < limit, input[index].properties.isWhitespace { index += 1 } }
        func take(while matches: (Unicode.Scalar) -> Bool) -> String {
            var taken = String.UnicodeScalarView()
            while index < limit, matches(input[index]) {
                taken.append(input[index])
                index += 1
            }
            return String(taken)
        }
        isEnd = index < limit && input[index] == "/"
        if isEnd { index += 1 }
        guard index < limit, Self.isLetter(input[index]) else { return nil }
        name = take { Self.isLetter($0) || Self.isDigit($0) || $0 == "-" }.lowercased()
        var attributes: [String: String] = [:]
        while true {
            let before = index
            skipSpace()
            guard index < limit else { return nil }
            if input[index] == "/", !isEnd, index + 1 < limit, input[index + 1] == ">" { index += 1 }
            if input[index] == ">" { break }
            guard !isEnd, index > before, Self.isLetter(input[index]) || input[index] == "_" || input[index] == ":" else { return nil }
            let key = take { Self.isLetter($0) || Self.isDigit($0) || "_.:-".unicodeScalars.contains($0) }.lowercased()
            let afterKey = index
            skipSpace()
            guard index < limit, input[index] == "=" else {
                (attributes[key], index) = ("", afterKey)
                continue
            }
            index += 1
            skipSpace()
            guard index < limit else { return nil }
            if input[index] == "\"" || input[index] == "'" {
                let quote = input[index]
                index += 1
                attributes[key] = take { $0 != quote }
                guard index < limit else { return nil }
                index += 1
            } else {
                let value = take { !$0.properties.isWhitespace && !"\"'=<>`".unicodeScalars.contains($0) }
                guard !value.isEmpty else { return nil }
                attributes[key] = value
            }
        }
        (self.attributes, end) = (attributes, index + 1)
    }

    /// Whether it is markup: an element of HTML, and no placeholder such as `<name>` or a type such as `List<String>`.
    func isMarkup(_ names: MarkdownNames) -> Bool {
        if name.contains("-") { return true }
        guard HTMLElements.known.contains(name) else { return false }
        return isEnd || !attributes.isEmpty || HTMLElements.unended.contains(name) || names.closes(name)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
    }
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }
}
