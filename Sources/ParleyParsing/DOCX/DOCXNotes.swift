import ParleyCore

/// Footnotes or endnotes by their id.
enum DOCXNotes {
    static func read(_ bytes: [UInt8]) -> [String: String] {
        var tokens = WordTokens(bytes)
        var notes: [String: String] = [:]
        var id: String?
        var text = ""
        var inText = false
        while let token = tokens.next() {
            switch token {
            case .start("footnote", let attributes, _), .start("endnote", let attributes, _):
                // The separators between text and notes are notes with a type.
                id = attributes["type"] == nil || attributes["type"] == "normal" ? attributes["id"] : nil
                text = ""
            case .start("t", _, let isEmpty), .start("m:t", _, let isEmpty): inText = !isEmpty
            case .end("t"), .end("m:t"): inText = false
            case .text(let part) where inText: text += part
            case .start("noBreakHyphen", _, _): text += "-"
            case .start("sym", let attributes, _): text += DOCXSymbols.text(attributes)
            case .start("tab", _, _), .start("br", _, _), .start("cr", _, _), .end("p"): text += " "
            case .end("footnote"), .end("endnote"): if let id { notes[id] = TextCleaner.line(text) }
            default: break
            }
        }
        return notes
    }
}

/// Texts beside the body: headers and footers of pages, and comments.
enum DOCXMargins {
    /// The lines of a header or footer; its page number and what is empty say nothing.
    static func lines(_ bytes: [UInt8]) -> [String] {
        paragraphs(bytes).filter { line in line.unicodeScalars.contains { $0.properties.isAlphabetic } }
    }

    /// Each comment with who made it.
    static func comments(_ bytes: [UInt8]) -> [String] {
        var tokens = WordTokens(bytes)
        var comments: [String] = []
        var (author, text, inText) = ("", "", false)
        while let token = tokens.next() {
            switch token {
            case .start("comment", let attributes, _): (author, text) = (attributes["author"] ?? "", "")
            case .start("t", _, let isEmpty): inText = !isEmpty
            case .end("t"): inText = false
            case .text(let part) where inText: text += part
            case .end("p"): text += " "
            case .end("comment"):
                let said = TextCleaner.line(text)
                if !said.isEmpty { comments.append("Comment" + (author.isEmpty ? "" : " by \(author)") + ": " + said) }
            default: break
            }
        }
        return comments
    }

    private static func paragraphs(_ bytes: [UInt8]) -> [String] {
        var tokens = WordTokens(bytes)
        var lines: [String] = []
        var (line, inText, depth) = ("", false, 0)
        while let token = tokens.next() {
            switch token {
            case .start("mc:Fallback", _, let isEmpty): depth += isEmpty ? 0 : 1
            case .end("mc:Fallback"): depth -= 1
            case .start("t", _, let isEmpty): inText = !isEmpty
            case .end("t"): inText = false
            case .text(let part) where inText && depth == 0: line += part
            case .start("tab", _, _), .start("br", _, _): line += " "
            case .end("p"):
                lines.append(TextCleaner.line(line))
                line = ""
            default: break
            }
        }
        return lines
    }
}

/// What the file says of itself (`docProps/core.xml`).
struct DOCXProperties {
    private(set) var title: String?
    private(set) var author: String?
    private(set) var created: Timestamp?

    init(_ bytes: [UInt8]) {
        var tokens = MarkupTokenizer(bytes: bytes, .xml)
        var element = ""
        while let token = tokens.next() {
            switch token {
            case .start(let name, _, _): element = name
            case .end: element = ""
            case .text(let value):
                if element == "dc:title" { title = value }
                if element == "dc:creator" { author = value }
                if element == "dcterms:created" { created = DocumentDate.read(value) }
            }
        }
    }
}
