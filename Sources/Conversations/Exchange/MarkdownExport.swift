import ParleyCore

/// A thread as Markdown (CommonMark): each answer with numbered marks, and its sources as a list below. It loads nothing when it is read.
struct MarkdownExport {
    let text: String

    init(_ export: ThreadExport) {
        var parts = ["# " + Self.line(export.thread.title), "*\(export.thread.createdAt.description.prefix(10))*"]
        for message in export.branch {
            parts.append(message.role == .user ? "## Question" : "## Answer")
            parts.append(StillMarkdown(message.pieces.map(Self.piece).joined()).text)
            if message.state != .complete { parts.append("*(\(message.state.rawValue))*") }
            if !message.sources.isEmpty { parts.append(message.sources.map(Self.source).joined(separator: "\n")) }
        }
        text = parts.joined(separator: "\n\n") + "\n"
    }

    private static func piece(_ piece: MessagePiece) -> String {
        let doubt: String? =
            switch piece.verdict {
            case .notFound: " *(not found in the documents)*"
            case .partly: " *(partly)*"
            case .supported, nil: nil
            }
        return piece.text + piece.citations.map { " [\($0)]" }.joined() + (doubt ?? "")
    }

    private static func source(_ citation: Citation) -> String {
        "- [\(citation.number)] \(escaped(citation.place)): “\(line(citation.quote))”"
    }

    /// On one line, with what Markdown would take for its own escaped.
    private static func line(_ text: String) -> String { escaped(text.split(whereSeparator: \.isWhitespace).joined(separator: " ")) }

    private static func escaped(_ text: String) -> String {
        String(text.flatMap { "\\`*_[]<>#|".contains($0) ? ["\\", $0] : [$0] })
    }
}
