import ParleyCore
import ParleyHTTP

/// Citations as OpenAI's protocol has them. Its own fields come first; those of ours beside them tell page, place and quote.
struct OpenAIAnnotations: Sendable {
    /// Where links begin.
    let base: String
    let project: ProjectID

    /// For chat completions, which know citations of addresses alone.
    /// - Parameters:
    ///   - answer: the text without marks.
    ///   - places: where that is in the text with them.
    func address(_ citation: Citation, in answer: String, _ places: MarkedText) -> JSONValue {
        let sentence = citation.sentence(in: answer)
        let place: [String: JSONValue] = [
            "start_index": .int(Int64(places.begin(sentence.lowerBound))), "end_index": .int(Int64(places.end(sentence.upperBound))),
            "title": .string(title(citation)), "url": .string(citation.link(base: base, project)),
        ]
        return ["type": "url_citation", "url_citation": .object(place.merging(extras(citation)) { own, _ in own })]
    }

    /// For responses, which know citations of files.
    func file(_ citation: Citation, _ places: MarkedText) -> JSONValue {
        let place: [String: JSONValue] = [
            "type": "file_citation", "file_id": .string(citation.document.description), "filename": .string(citation.documentName),
            "index": .int(Int64(places.end(citation.at))), "url": .string(citation.link(base: base, project)),
        ]
        return .object(place.merging(extras(citation)) { own, _ in own })
    }

    private func title(_ citation: Citation) -> String {
        citation.documentName + (citation.page.map { ", page \($0)" } ?? "")
    }

    private func extras(_ citation: Citation) -> [String: JSONValue] {
        [
            "document_id": .string(citation.document.description), "revision_id": .string(citation.revision.description),
            "page": citation.page.map { .int(Int64($0)) } ?? .null, "quote": .string(citation.quote),
            "from": .int(Int64(citation.from)), "to": .int(Int64(citation.to)),
            "verdict": citation.verdict.map { .string($0.rawValue) } ?? .null,
        ]
    }
}
