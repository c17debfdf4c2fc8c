/// A thread as one HTML file that needs nothing else and prints well. All text is escaped; there is no script.
struct HTMLExport {
    let text: String

    init(_ export: ThreadExport) {
        let title = Self.escaped(export.thread.title)
        let turns = export.branch.enumerated().map { Self.turn($1, number: $0 + 1) }.joined(separator: "\n")
        text = """
            <!DOCTYPE html>
            <html><head><meta charset="utf-8"><title>\(title)</title><style>
            body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b }
            article { margin: 1.5rem 0; break-inside: avoid } .question { font-weight: 600 } .text { white-space: pre-wrap }
            ol { font-size: .9rem; color: #444 } q { font-style: italic } sup a { text-decoration: none }
            </style></head><body>
            <h1>\(title)</h1>
            <p><time>\(export.thread.createdAt)</time></p>
            \(turns)
            </body></html>

            """
    }

    private static func turn(_ message: Message, number: Int) -> String {
        let text = message.pieces.map { piece in
            escaped(piece.text) + piece.marks.map { "<sup><a href=\"#s\(number)-\($0)\">\($0)</a></sup>" }.joined()
        }.joined()
        let state = message.state == .complete ? "" : "<p><em>\(message.state.rawValue)</em></p>"
        let kind = message.role == .user ? "question" : "answer"
        return "<article class=\"\(kind)\"><div class=\"text\">\(text)</div>\(state)\(sources(message, number))</article>"
    }

    private static func sources(_ message: Message, _ turn: Int) -> String {
        guard !message.sources.isEmpty else { return "" }
        var named: Set<Int> = []
        let items = message.sources.map { citation in
            let anchor = named.insert(citation.number).inserted ? " id=\"s\(turn)-\(citation.number)\"" : ""
            return "<li value=\"\(citation.number)\"\(anchor)>\(escaped(citation.place)): <q>\(escaped(citation.quote))</q></li>"
        }
        return "<ol>" + items.joined() + "</ol>"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
