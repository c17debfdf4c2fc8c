/// Writes Office MathML (ECMA-376, 22.1) on one line: `a^2`, `x_i`, `(a + b)/c`, `√(2x)`, `∑_(i=1)^n`.
struct DOCXFormulas {
    private struct Open {
        let name: String
        /// Bytes of the paragraph before it.
        let start: Int
        var children = 0
        var sign = "∫"
        var opening = "("
        var closing = ")"
    }

    private var open: [Open] = []

    private static let deepest = 64
    private static let parts: Set<String> = ["num", "den", "sup", "sub", "e", "deg", "fName", "lim"]
    private static let wholes: Set<String> = [
        "f", "sSup", "sSub", "sSubSup", "sPre", "rad", "nary", "d", "func", "limLow", "limUpp", "m", "mr",
    ]

    mutating func setSign(_ sign: String?) { if let last = open.indices.last { open[last].sign = sign ?? "" } }
    mutating func setOpening(_ sign: String?) { if let last = open.indices.last { open[last].opening = sign ?? "" } }
    mutating func setClosing(_ sign: String?) { if let last = open.indices.last { open[last].closing = sign ?? "" } }

    /// What stands before the element.
    mutating func open(_ name: Substring, at start: Int) -> String {
        let name = String(name)
        guard open.count < Self.deepest, Self.parts.contains(name) || Self.wholes.contains(name) else { return "" }
        var text = ""
        if Self.parts.contains(name) || name == "mr", let last = open.indices.last {
            text = Self.sign(before: name, in: open[last])
            open[last].children += 1
        }
        open.append(Open(name: name, start: start + text.utf8.count))
        return text
    }

    /// What stands behind the element, and whether its parts need brackets; nil for what is not looked at.
    mutating func close(_ name: Substring) -> (text: String, start: Int, isBracketed: Bool)? {
        guard let last = open.last, last.name == name else { return nil }
        open.removeLast()
        if last.name == "d" { return (last.children == 0 ? "" : last.closing, last.start, false) }
        if last.name == "nary" || last.name == "func" { return (" ", last.start, false) }
        let whole = open.last?.name ?? ""
        let isBracketed =
            ["num", "den", "sup", "sub"].contains(last.name) || last.name == "e" && ["rad", "sSup", "sSub", "sSubSup"].contains(whole)
        return ("", last.start, isBracketed)
    }

    private static func sign(before name: String, in whole: Open) -> String {
        switch (whole.name, name) {
        case ("f", "den"): "/"
        case ("nary", "sub"): (whole.children == 0 ? whole.sign : "") + "_"
        case ("nary", "sup"): (whole.children == 0 ? whole.sign : "") + "^"
        case ("nary", "e"): whole.children == 0 ? whole.sign : " "
        case (_, "sup"): "^"
        case (_, "sub"), ("limLow", "lim"): "_"
        case ("limUpp", "lim"): "^"
        case ("rad", "e"): "√"
        case ("d", "e"): whole.children == 0 ? whole.opening : ", "
        case ("mr", "e"), ("m", "mr"): whole.children == 0 ? "" : name == "e" ? ", " : "; "
        case ("func", "e"): " "
        default: ""
        }
    }
}
