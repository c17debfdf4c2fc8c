import Evaluation
import Foundation
import ParleyCore

/// Questions of which it is known where their answer stands, a JSON object a line: `id`, `question`, and, for what the documents
/// answer, `documents` (names), `pages` (where the format has them), `answer` (the document's own words), `statement` (a true sentence)
/// and `wrong` (a false one).
struct QuestionFile: Sendable {
    struct Question: Sendable {
        let id: String
        let text: String
        /// Names of the documents that hold the answer; empty when none does.
        let documents: Set<String>
        let pages: Set<Int64>
        let answer: String?
        let statement: String?
        let wrong: String?

        var isAnswerable: Bool { !documents.isEmpty }

        /// The same in the form that is scored: any of the documents, on any of the pages.
        var expectation: Expectation {
            let pages = pages.isEmpty ? [Int?.none] : pages.sorted().map { Int($0) }
            let places = documents.sorted().flatMap { document in
                pages.map { ExpectedPlace(document: document, quote: answer, page: $0) }
            }
            return Expectation(isAnswerable: isAnswerable, places: places)
        }
    }

    let questions: [Question]

    /// - Throws: `evaluation.collection_unreadable`.
    init(file: URL) throws {
        do {
            questions = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
                let value = try JSONValue(parsing: line.utf8)
                return Question(
                    id: value["id"]?.string ?? "", text: value["question"]?.string ?? "",
                    documents: Set(value["documents"]?.array?.compactMap(\.string) ?? []),
                    pages: Set(value["pages"]?.array?.compactMap(\.int) ?? []), answer: value["answer"]?.string,
                    statement: value["statement"]?.string, wrong: value["wrong"]?.string)
            }
        } catch {
            throw ParleyError(.collectionUnreadable, "The questions cannot be read: each line must be a JSON object.", cause: error)
        }
        guard !questions.isEmpty else { throw ParleyError(.collectionUnreadable, "There are no questions in the file.") }
    }
}
