import ParleyCore

/// What a thread is written out as.
public enum ExportFormat: String, Sendable, CaseIterable {
    case markdown, html, json

    var contentType: String {
        switch self {
        case .markdown: "text/markdown; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .json: "application/json"
        }
    }

    var suffix: String {
        switch self {
        case .markdown: "md"
        case .html: "html"
        case .json: "json"
        }
    }
}

/// A thread with its messages, to be written out.
struct ThreadExport: Sendable {
    let thread: ChatThread
    /// In the order they were made.
    let messages: [Message]

    func text(_ format: ExportFormat) -> String {
        switch format {
        case .markdown: MarkdownExport(self).text
        case .html: HTMLExport(self).text
        case .json: JSONExport(self).json.text
        }
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

extension Message {
    /// The text in pieces, each with the numbers of the citations that stand at its end.
    var pieces: [(text: String, marks: [Int])] {
        let scalars = Array(content.unicodeScalars)
        let places = Dictionary(grouping: outcome.citations) { min(max($0.at, 0), scalars.count) }
        var pieces: [(text: String, marks: [Int])] = []
        var start = 0
        for (place, citations) in places.sorted(by: { $0.key < $1.key }) {
            let numbers = citations.map(\.number)
            let marks = numbers.enumerated().filter { !numbers[..<$0].contains($1) }.map(\.element)
            pieces.append((Self.text(scalars[start..<place]), marks))
            start = place
        }
        if start < scalars.count { pieces.append((Self.text(scalars[start...]), [])) }
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
