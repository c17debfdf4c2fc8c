import Retrieval

/// The answer when no language model can be had: the best passages, quoted, each with its citation.
enum QuotedAnswer {
    static let limit = 3

    /// The text piece by piece, and the citation that stands at the end of each piece.
    static func pieces(_ passages: [Passage]) -> [(text: String, citation: Citation)] {
        var length = 0
        return passages.prefix(Self.limit).enumerated().map { index, passage in
            let quote = passage.text
            let text = (index == 0 ? "" : "\n\n") + "“" + quote + "”"
            length += text.unicodeScalars.count
            let citation = Citation(
                number: index + 1, passage: index + 1, at: length, quote: quote, document: passage.document, revision: passage.revision,
                documentName: passage.documentName, page: passage.firstPage, from: passage.from, to: passage.to, support: 1,
                verdict: .supported)
            return (text, citation)
        }
    }
}
