/// Text of one block as it is collected: white space collapses as browsers do it, unless it is preformatted.
struct HTMLInlineText {
    private var content = ""
    private var endsInSpace = true
    private var isPreformatted = false

    mutating func append(_ part: String, keepsSpace: Bool) {
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

    mutating func breakLine() {
        content += "\n"
        endsInSpace = true
    }

    /// The collected text; empty when it was only white space. Begins anew.
    mutating func take() -> String {
        defer { self = HTMLInlineText() }
        return TextCleaner.clean(content, keepsIndentation: isPreformatted)
    }
}
