import ParleyCore

/// What a thread is written out as.
public enum ExportFormat: String, Sendable, CaseIterable {
    case markdown, html, json, pdf

    var mediaType: String {
        switch self {
        case .markdown: "text/markdown"
        case .html: "text/html"
        case .json: "application/json"
        case .pdf: "application/pdf"
        }
    }

    var contentType: String {
        switch self {
        case .markdown, .html: mediaType + "; charset=utf-8"
        case .json, .pdf: mediaType
        }
    }

    var suffix: String {
        switch self {
        case .markdown: "md"
        case .html: "html"
        case .json: "json"
        case .pdf: "pdf"
        }
    }
}

/// A thread with its messages, to be written out.
struct ThreadExport: Sendable {
    let thread: ChatThread
    /// In the order they were made.
    let messages: [Message]

    /// - Throws: what `PDFWriter` throws, for PDF alone.
    func bytes(_ format: ExportFormat, _ pdf: PDFWriter) async throws -> [UInt8] {
        let text = try await onWorkerThread { [self] in
            switch format {
            case .markdown: MarkdownExport(self).text
            case .html, .pdf: HTMLExport(self).text
            case .json: JSONExport(self).json.text
            }
        }
        return format == .pdf ? try await pdf.write(html: text) : Array(text.utf8)
    }

    /// The branch that ends in the latest message, from its root on: what a reader wants to see.
    var branch: [Message] {
        let known = Dictionary(messages.map { ($0.id, $0) }) { first, _ in first }
        var branch: [Message] = []
        var next = messages.last
        while let message = next, branch.count < messages.count {
            branch.append(message)
            next = message.parent.flatMap { known[$0] }
        }
        return branch.reversed()
    }

    /// The thread's title as a file's name.
    func fileName(_ format: ExportFormat) -> String {
        let plain = thread.title.map { $0.isLetter || $0.isNumber || " -_.".contains($0) ? $0 : " " }
        let words = String(plain).split(separator: " ").joined(separator: " ")
        return (words.isEmpty ? "thread" : String(words.prefix(80))) + "." + format.suffix
    }
}

/// A stretch of an answer's text, and what stands at its end.
struct MessagePiece {
    let text: String
    /// The numbers of citations.
    let citations: [Int]
    /// Whether the documents support the sentence that ends here; nil where none that claims anything does.
    let verdict: SupportVerdict?
}

extension Message {
    var pieces: [MessagePiece] {
        let scalars = Array(content.unicodeScalars)
        let inside = { (place: Int) in min(max(place, 0), scalars.count) }
        let cited = Dictionary(grouping: outcome.citations) { inside($0.at) }
        let checked = Dictionary((outcome.sentences ?? []).map { (inside($0.to), $0.verdict) }) { $1 }
        var pieces: [MessagePiece] = []
        var start = 0
        for place in Set(cited.keys).union(checked.keys).sorted() {
            let numbers = (cited[place] ?? []).map(\.number)
            let citations = numbers.enumerated().filter { !numbers[..<$0].contains($1) }.map(\.element)
            pieces.append(MessagePiece(text: Self.text(scalars[start..<place]), citations: citations, verdict: checked[place]))
            start = place
        }
        if start < scalars.count { pieces.append(MessagePiece(text: Self.text(scalars[start...]), citations: [], verdict: nil)) }
        return pieces
    }

    /// The sources under the answer: each number once for each quote.
    var sources: [Citation] {
        var seen: Set<String> = []
        return outcome.citations.filter { seen.insert("\($0.number)\n\($0.quote)").inserted }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

extension Citation {
    /// Document and page, for a reader.
    var place: String { documentName + (page.map { ", page \($0)" } ?? "") }
}
