/// Source code, settings and data: told by their names, or by the form of their lines.
enum CodeText {
    /// Lines that are looked at.
    private static let sampleLines = 400

    /// Whether the lines and their indentation are to be kept as they stand.
    static func matches(_ lines: [Substring]) -> Bool {
        let filled = lines.lazy.filter { !$0.isEmpty }.prefix(sampleLines)
        var (count, code, settings, indented) = (0, 0, 0, 0)
        for line in filled {
            count += 1
            let body = line.drop { $0 == " " || $0 == "\t" }
            if body.startIndex != line.startIndex { indented += 1 }
            if isCode(body) { code += 1 }
            if isSetting(body) { settings += 1 }
        }
        guard count >= 3, indented > 0 else { return false }
        return code * 3 >= count || settings * 5 >= count * 4
    }

    private static let endings: Set<Character> = ["{", "}", ";"]
    private static let openings = [
        "def ", "class ", "import ", "from ", "#include", "#define", "function ", "func ", "fn ", "var ", "let ", "const ", "public ",
        "private ",
        "static ", "package ", "using ", "return", "if (", "for (", "while (", "elif ", "else:", "try:", "except", "@", "<?", "//", "/*",
        "SELECT ",
        "INSERT ", "CREATE ", "echo ", "export ",
    ]

    private static func isCode(_ line: Substring) -> Bool {
        guard let last = line.last else { return false }
        if endings.contains(last) || line.hasSuffix("):") || line.hasSuffix(") {") || line == "]" || line == ")," || line == "}," {
            return true
        }
        return openings.contains { line.hasPrefix($0) } && (last == ":" || last == ")" || line.contains("(") || line.contains("="))
    }

    /// `key: value`, `key = value`, `- item` or a section's `[name]`.
    private static func isSetting(_ line: Substring) -> Bool {
        if line.hasPrefix("- ") || line.hasPrefix("#") || line.hasPrefix("[") && line.hasSuffix("]") { return true }
        let name = line.prefix { $0.isLetter || $0.isNumber || "_-.\"'".contains($0) }
        guard !name.isEmpty else { return line.hasPrefix("\"") || line == "---" }
        let rest = line.dropFirst(name.count)
        return rest == ":" || rest.hasPrefix(": ") || rest.hasPrefix(" = ") || rest.hasPrefix("=")
    }
}
