/// What stands before brackets, and whether brackets with numbers cite something there or belong to the text.
struct MarkSurroundings: Sendable {
    private static let longestWord = 80
    /// What may stand before text on a line: marks of lists, quotes and headings.
    private static let lineMarks = "-*+>#•|"
    private static let operators = "=+/<>^({~\\∈∉⊂⊆≤≥≈≠×·∪∩−"
    /// Words that an index or a list of numbers belongs to.
    private static let identifiers: Set<String> = [
        "arr", "array", "arrays", "vec", "vector", "vectors", "matrix", "list", "lists", "tuple", "dict", "map", "set", "stack", "queue",
        "string",
        "str", "chars", "buf", "buffer", "data", "item", "items", "row", "rows", "col", "cols", "column", "columns", "value", "values",
        "args",
        "argv", "params", "index", "indices", "elem", "element", "elements", "node", "nodes", "result", "results", "input", "output",
        "nums",
        "numbers", "keys", "entries", "lines", "tokens", "bytes", "bits", "parts", "points", "pair", "sequence", "interval", "intervals",
        "range",
        "domain", "coordinates", "log", "self", "this", "tmp", "temp",
    ]

    /// Since the last white space.
    private var word = ""
    private var last: Character?
    /// Whether the line has no text yet.
    private var isLineBlank = true

    mutating func take(_ character: Character) {
        if character.isNewline {
            isLineBlank = true
        } else if !character.isWhitespace, !Self.lineMarks.contains(character) {
            isLineBlank = false
        }
        if character.isWhitespace { word = "" } else if word.count < Self.longestWord { word.append(character) }
        if !character.isWhitespace { last = character }
    }

    /// - Parameters:
    ///   - isApart: whether a space stands before the bracket.
    ///   - touching: the character right behind it; nil at the end.
    ///   - after: the first one behind it that is no space.
    func cites(_ found: BracketedNumbers, isApart: Bool, touching: Character?, after: Character?) -> Bool {
        let endsLine = touching == nil || touching?.isNewline == true || after?.isNewline == true || after == nil
        if isLineBlank { return endsLine || touching == "|" || after == "|" }
        guard found.isSquare else { return true }
        if let touching, touching.isLetter || touching.isNumber || "([_=^/'".contains(touching) { return false }
        if let after, "=+<>^".contains(after) { return false }
        guard let last else { return true }
        if isApart || word.isEmpty {
            let isNotion = found.isList && (Self.identifiers.contains(word.lowercased()) || ":,".contains(last))
            return !Self.operators.contains(last) && !isNotion
        }
        return isCitable(touching)
    }

    /// Whether the word right before the bracket is one of a sentence, and no name that takes an index.
    private func isCitable(_ touching: Character?) -> Bool {
        guard let last = word.last else { return true }
        if last == ")" { return !word.contains("(") || word.hasPrefix("(") }
        if ".!?…\"”’»%:;,。！？」*`".contains(last) { return true }
        let name = word.drop { !$0.isLetter && !$0.isNumber }
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || "-’'".contains($0) }) else { return false }
        if name.allSatisfy(\.isNumber) { return touching.map { $0.isNewline || ".,;:!?".contains($0) } ?? true }
        if name.contains(where: { !$0.isASCII }) { return true }
        let hasInnerCapital = zip(name, name.dropFirst()).contains { $0.isLowercase && $1.isUppercase }
        let isShort = name.count < 3 || name.count == 3 && name.allSatisfy(\.isUppercase)
        return !isShort && !hasInnerCapital && !name.contains(where: \.isNumber) && !Self.identifiers.contains(name.lowercased())
    }
}
