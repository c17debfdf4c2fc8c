/// Writes MathML on one line: `a^2`, `x_i`, `(a + b)/c`, `√x`.
struct HTMLFormula {
    private var open: [(name: String, children: Int, isBracketed: Bool)] = []

    /// Elements nested deeper are written one after the other.
    private static let deepest = 64

    /// What stands before the element.
    mutating func open(_ name: String) -> String {
        guard open.count < Self.deepest else { return "" }
        var text = ""
        var isBracketed = false
        if let last = open.indices.last {
            text = Self.sign(in: open[last].name, before: open[last].children)
            isBracketed = name == "mrow" && Self.joined.contains(open[last].name)
            open[last].children += 1
        }
        if name == "msqrt" { text += "√" }
        if name == "mtd" || name == "mtr" { text += " " }
        if isBracketed { text += "(" }
        open.append((name, 0, isBracketed))
        return text
    }

    /// What stands after the element that closes.
    mutating func close() -> String { open.popLast()?.isBracketed == true ? ")" : "" }

    /// Blanks between elements are none of the formula.
    func text(_ part: String) -> String { part.allSatisfy(\.isWhitespace) ? "" : part }

    private static func sign(in name: String, before child: Int) -> String {
        switch (name, child) {
        case ("mfrac", 1): "/"
        case ("msup", 1), ("mover", 1), ("msubsup", 2), ("munderover", 2): "^"
        case ("msub", 1), ("munder", 1), ("msubsup", 1), ("munderover", 1): "_"
        default: ""
        }
    }

    private static let joined: Set<String> = ["mfrac", "msup", "msub", "msubsup", "mover", "munder", "munderover", "msqrt"]

    /// Words that stand for a picture or a formula, without the frame that Wikipedia puts around them; nil when there are none.
    static func plain(_ words: String?) -> String? {
        guard var words = words.map({ TextCleaner.line($0) }), !words.isEmpty else { return nil }
        for frame in ["{\\displaystyle ", "{\\textstyle "] where words.hasPrefix(frame) && words.hasSuffix("}") {
            words = String(words.dropFirst(frame.count).dropLast())
        }
        return words
    }
}
