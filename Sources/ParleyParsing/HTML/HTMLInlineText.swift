/// Text of one block as it is collected: white space collapses as browsers do it, unless it is preformatted.
struct HTMLInlineText {
    private var content = ""
    private var endsInSpace = true
    private var isPreformatted = false
    /// What the next text is: set higher or lower than the line.
    private var script: Script?

    mutating func append(_ part: String, keepsSpace: Bool) {
        if let script, let first = part.unicodeScalars.first(where: { !$0.properties.isWhitespace }) {
            self.script = nil
            let isAlone = part.unicodeScalars.count == 1
            if let sign = script.sign(after: content.unicodeScalars.suffix(2), before: first, isAlone: isAlone) {
                content.unicodeScalars.append(sign)
            }
        }
        if keepsSpace {
            content += part
            isPreformatted = true
            endsInSpace = false
            return
        }
        var scalars = String.UnicodeScalarView()
        for scalar in part.unicodeScalars {
            let isSpace = scalar == " " || (0x09...0x0D).contains(scalar.value)
            if !isSpace { scalars.append(scalar) } else if !endsInSpace { scalars.append(" ") }
            endsInSpace = isSpace
        }
        content.unicodeScalars.append(contentsOf: scalars)
    }

    /// The text that follows is set higher or lower.
    mutating func begin(_ script: Script) { self.script = script }

    mutating func breakLine() {
        content += "\n"
        endsInSpace = true
    }

    var endsInBracket: Bool { content.last == "(" || content.last == "（" }

    /// The collected text; empty when it was only white space. Begins anew.
    mutating func take() -> String {
        defer { self = HTMLInlineText() }
        return TextCleaner.clean(content, keepsIndentation: isPreformatted)
    }
}

/// Text that is set higher or lower than the line.
enum Script {
    case above, below

    /// What a number's power or an index would be taken for without a sign: `10^6`, `x_i`. Ordinals (`1st`) and formulas of chemistry (`H2O`)
    /// need none.
    /// - Parameters:
    ///   - before: up to two scalars of the line.
    ///   - isAlone: whether one scalar is all of the text.
    func sign(after before: some BidirectionalCollection<Unicode.Scalar>, before first: Unicode.Scalar, isAlone: Bool) -> Unicode.Scalar? {
        guard let last = before.last, last.properties.isAlphabetic || last.properties.numericType != nil || last == ")" else { return nil }
        let isNumber = first.properties.numericType != nil
        switch self {
        case .above: return isNumber || "+-−–".unicodeScalars.contains(first) || isAlone && first.properties.isAlphabetic ? "^" : nil
        case .below:
            guard isNumber || first.properties.isAlphabetic else { return nil }
            let isElement = last == ")" || last.properties.isUppercase || before.count > 1 && before.first?.properties.isUppercase == true
            return isNumber && isElement ? nil : "_"
        }
    }
}
