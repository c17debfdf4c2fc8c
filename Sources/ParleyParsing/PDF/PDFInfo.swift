import ParleyCore

/// What `pdfinfo` tells of a file.
struct PDFInfo {
    private(set) var title: String?
    private(set) var author: String?
    private(set) var created: Timestamp?

    init() {}

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = TextCleaner.line(String(line[line.index(after: colon)...]))
            guard !value.isEmpty else { continue }
            switch line[..<colon] {
            case "Title": title = Self.isTelling(value) ? value : nil
            case "Author": author = value
            case "CreationDate": created = DocumentDate.read(value)
            default: break
            }
        }
    }

    /// False for what programs put in when nobody gave a title: file names and the like.
    private static func isTelling(_ title: String) -> Bool {
        let lower = title.lowercased()
        if ["untitled", "title", "document1", "unknown"].contains(lower) || lower.hasPrefix("microsoft word - ") { return false }
        let endings = [".pdf", ".doc", ".docx", ".indd", ".tex", ".dvi", ".qxd", ".ps", ".rtf", ".txt", ".odt"]
        if endings.contains(where: { lower.hasSuffix($0) }) { return false }
        return title.contains(" ") || !title.contains("_") && title.contains(where: \.isLetter)
    }
}
