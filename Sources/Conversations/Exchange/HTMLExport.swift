/// A thread as one HTML file that needs nothing else and prints well. All text is escaped; there is no script.
struct HTMLExport {
    let text: String

    init(_ export: ThreadExport) {
        let turns = export.branch.enumerated().map { Self.turn($1, number: $0 + 1) }.joined(separator: "\n")
        text = Self.page(
            title: Self.escaped(export.thread.title), body: "<p><time>\(export.thread.createdAt)</time></p>\n\(turns)")
    }

    /// The page around a body; both are HTML.
    static func page(title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html><head><meta charset="utf-8"><title>\(title)</title><style>
        body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b }
        article { margin: 1.5rem 0; break-inside: avoid } .question { font-weight: 600 } .text { white-space: pre-wrap }
        ol { font-size: .9rem; color: #444 } q { font-style: italic } sup a { text-decoration: none }
        .doubt { padding: 0 .3em; border: 1px dashed #a3341f; color: #a3341f; font-size: .75em; font-style: normal }
        @page { size: A4; margin: 2cm; @bottom-center { content: counter(page) "/" counter(pages); font: 9pt sans-serif } }
        @media print { body { max-width: none; margin: 0; padding: 0; font-size: 11pt } article { break-inside: auto } h1 { break-after: avoid } }
        </style></head><body>
        <h1>\(title)</h1>
        \(body)
        </body></html>

        """
    }

    private static func turn(_ message: Message, number: Int) -> String {
        let text = message.pieces.map { piece in
            escaped(piece.text) + piece.citations.map { "<sup><a href=\"#s\(number)-\($0)\">\($0)</a></sup>" }.joined()
                + doubt(piece.verdict)
        }.joined()
        let state = message.state == .complete ? "" : "<p><em>\(message.state.rawValue)</em></p>"
        let kind = message.role == .user ? "question" : "answer"
        return "<article class=\"\(kind)\"><div class=\"text\" dir=\"auto\">\(text)</div>\(state)\(sources(message, number))</article>"
    }

    private static func doubt(_ verdict: SupportVerdict?) -> String {
        switch verdict {
        case .notFound: " <span class=\"doubt\">not found in the documents</span>"
        case .partly: " <span class=\"doubt\">partly</span>"
        case .supported, nil: ""
        }
    }

    private static func sources(_ message: Message, _ turn: Int) -> String {
        guard !message.sources.isEmpty else { return "" }
        var named: Set<Int> = []
        let items = message.sources.map { citation in
            let anchor = named.insert(citation.number).inserted ? " id=\"s\(turn)-\(citation.number)\"" : ""
            return
                "<li value=\"\(citation.number)\"\(anchor)>\(escaped(citation.place)): <q dir=\"auto\">\(escaped(citation.quote))</q></li>"
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
