/// Markdown that makes its reader's program fetch nothing: an answer may quote a document whose author wants to learn who reads it, and
/// when. Images become their alternative texts, HTML that could load something becomes text, and links stay links. Code between lines
/// of backticks at the margin stays as it is.
struct StillMarkdown {
    let text: String

    init(_ markdown: String) {
        let lines = markdown.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
        var parts: [String] = []
        var prose: [Substring] = []
        let hasCode = Self.fencesArePlain(lines)
        var isCode = false
        for line in lines {
            if hasCode, line.hasPrefix(Self.fence) {
                if !isCode, !prose.isEmpty { parts.append(Self.still(prose.joined(separator: "\n"))) }
                prose = []
                isCode.toggle()
                parts.append(String(line))
            } else if isCode {
                parts.append(String(line))
            } else {
                prose.append(line)
            }
        }
        if !prose.isEmpty { parts.append(Self.still(prose.joined(separator: "\n"))) }
        text = parts.joined(separator: "\n")
    }

    private static let fence = "```"

    /// Whether no reader can take for code what is prose here, or the other way round: every line with a fence in it is one at the
    /// margin, of three backticks and at most a word, and each that opens is closed.
    private static func fencesArePlain(_ lines: [Substring]) -> Bool {
        var isOpen = false
        for line in lines where line.contains(fence) || line.contains("~~~") {
            let word = line.dropFirst(fence.count)
            guard line.hasPrefix(fence), word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !isOpen || word.isEmpty else {
                return false
            }
            isOpen.toggle()
        }
        return !isOpen
    }

    private static func still(_ prose: String) -> String {
        let image = image
        var result = String.UnicodeScalarView()
        var rest = prose[...]
        while let scalar = rest.unicodeScalars.first {
            let next = rest[rest.unicodeScalars.index(after: rest.startIndex)...]
            if scalar == "!", next.unicodeScalars.first == "[", let found = rest.prefixMatch(of: image) {
                // The alternative text has no brackets, so that it cannot be the beginning of another image.
                result.append(contentsOf: still(String(found.output.1)).unicodeScalars)
                rest = rest[found.range.upperBound...]
                continue
            }
            switch scalar {
            // What is left of images: those by reference, and whatever has a form that a reader may yet take for one.
            case "[" where result.last == "!": result.append(contentsOf: "\\[".unicodeScalars)
            case "<" where loads(next): result.append(contentsOf: "&lt;".unicodeScalars)
            default: result.append(scalar)
            }
            rest = next
        }
        return String(result)
    }

    /// `![text](address "title")`
    private static var image: Regex<(Substring, Substring)> {
        /!\[([^\[\]\n]*)\]\([ \t]*(?:<[^<>\n]*>|[^ \t\n()<>]*)(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*\)/
            .matchingSemantics(.unicodeScalar)
    }

    /// Whether what follows a `<` is HTML that could load something. An address (`<https://…>`) is none, nor is a bare word (`<Int>`) but
    /// for those elements that load by what is in them.
    private static func loads(_ rest: Substring) -> Bool {
        let scalars = rest.unicodeScalars
        guard let first = scalars.first, isLetter(first) || "/!?".unicodeScalars.contains(first) else { return false }
        let word = scalars.prefix { isLetter($0) || ("0"..."9").contains($0) || "+-.".unicodeScalars.contains($0) }
        let after = scalars[word.endIndex...]
        switch after.first {
        case ":", "@": return after.prefix { $0 != ">" }.contains { $0.properties.isWhitespace || $0 == "<" }
        case ">": return ["style", "script", "svg", "math", "iframe", "object"].contains(String(word).lowercased())
        default: return true
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
}
