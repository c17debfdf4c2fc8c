import Foundation
import ParleyCore

/// Documents, questions, and which documents answer which question, in BEIR's file layout.
struct JudgedCollection: Sendable {
    struct Document: Sendable {
        let id: String
        let title: String
        let text: String
    }

    let documents: [Document]
    /// Judged questions in the order of the file.
    let questions: [(id: String, text: String)]
    /// Gains by question and document.
    let judgements: [String: [String: Int]]

    /// - Throws: `evaluation.collection_unreadable`.
    init(folder: URL, queries: String, qrels: String) throws {
        var judgements: [String: [String: Int]] = [:]
        for line in try Self.lines(folder, qrels).dropFirst() {
            let columns = line.split(separator: "\t")
            guard columns.count >= 3, let gain = Int(columns[2]) else { continue }
            judgements[String(columns[0]), default: [:]][String(columns[1])] = gain
        }
        documents = try Self.lines(folder, "corpus.jsonl").map { line in
            let value = try JSONValue(parsing: line.utf8)
            return Document(id: value["_id"]?.string ?? "", title: value["title"]?.string ?? "", text: value["text"]?.string ?? "")
        }
        questions = try Self.lines(folder, queries).compactMap { line in
            let value = try JSONValue(parsing: line.utf8)
            guard let id = value["_id"]?.string, judgements[id] != nil else { return nil }
            return (id, value["text"]?.string ?? "")
        }
        self.judgements = judgements
        guard !documents.isEmpty, !questions.isEmpty else { throw Self.unreadable("it has no documents or no judged questions", nil) }
    }

    private static func lines(_ folder: URL, _ name: String) throws -> [Substring] {
        do {
            return try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
        } catch { throw unreadable("\(name) cannot be read", error) }
    }

    private static func unreadable(_ why: String, _ cause: (any Error)?) -> ParleyError {
        ParleyError(
            .collectionUnreadable, "The collection cannot be used: \(why). It needs corpus.jsonl, queries.jsonl and qrels.tsv.",
            cause: cause)
    }
}

extension ErrorCode {
    static let collectionUnreadable = Self("evaluation.collection_unreadable", .notFound, "The collection cannot be used")
}
