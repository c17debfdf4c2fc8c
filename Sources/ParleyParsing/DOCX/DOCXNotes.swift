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
            case .start("t", _, let isEmpty): inText = !isEmpty
            case .end("t"): inText = false
            case .text(let part) where inText: text += part
            case .end("p"): text += " "
            case .end("footnote"), .end("endnote"): if let id { notes[id] = TextCleaner.line(text) }
            default: break
            }
        }
        return notes
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
