import Foundation
import ParleyCore

/// Questions of which it is known where their answer stands, a JSON object a line: `id`, `question`, and, for what the documents
/// answer, `documents` (names), `pages` (where the format has them), `answer` (the document's own words), `statement` (a true sentence)
/// and `wrong` (a false one).
struct QuestionSet: Sendable {
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

/// Finds known words in a text whatever its line ends, case and hyphenation at line ends.
enum KnownWords {
    /// Their place in Unicode scalars, half-open; nil when the text does not hold them.
    static func find(_ words: String, in text: String) -> Range<Int>? {
        let (needle, _) = folded(words)
        let (scalars, places) = folded(text)
        guard !needle.isEmpty, scalars.count >= needle.count else { return nil }
        for start in 0...(scalars.count - needle.count) where scalars[start..<start + needle.count].elementsEqual(needle) {
            return places[start]..<places[start + needle.count - 1] + 1
        }
        return nil
    }

    private static func folded(_ text: String) -> ([Unicode.Scalar], [Int]) {
        var scalars: [Unicode.Scalar] = []
        var places: [Int] = []
        for (place, scalar) in text.unicodeScalars.enumerated() {
            if scalar.properties.isWhitespace {
                if scalars.last != " ", !scalars.isEmpty {
                    scalars.append(" ")
                    places.append(place)
                }
            } else {
                scalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
                places.append(place)
            }
        }
        if scalars.last == " " {
            scalars.removeLast()
            places.removeLast()
        }
        return (scalars, places)
    }
}
