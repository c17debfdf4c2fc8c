import Foundation
import ParleyCore
import ParleyHTTP

/// Reads a file of questions. Three forms are told apart by their first line:
///
/// - JSON lines: `question` (or `text`), and as far as known `id` (or `_id`), `answerable`, `expected` (places), `expected_answer`, `tags`;
///   or the shorter `documents`, `pages` and `answer` (the documents' own words).
/// - CSV with a head line: `question`, and any of `id`, `answerable`, `documents` (with `|` between), `page`, `answer`, `expected_answer`, `tags`.
/// - Judgements in BEIR's and TREC's form (`query-id`, `corpus-id`, `score`, with tabs), for questions that the set has by their keys.
public enum QuestionImport: Sendable {
    case questions([QuestionDraft])
    /// Gains by the question's key and the document.
    case judgements([String: [String: Int]])

    /// - Throws: `question_set.file_invalid`, which names the line.
    public init(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self)?.streamSafe else { throw Self.invalid("It is not UTF-8.") }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { throw Self.invalid("It is empty.") }
        if first.first == "{" {
            self = .questions(try Self.json(lines))
        } else if first.contains("\t") {
            self = .judgements(try Self.judgements(lines))
        } else {
            self = .questions(try Self.table(text))
        }
    }

    private static func json(_ lines: [Substring]) throws -> [QuestionDraft] {
        try lines.enumerated().compactMap { index, line in
            guard !line.allSatisfy(\.isWhitespace) else { return nil }
            guard let value = try? JSONValue(parsing: line.utf8), value.object != nil else {
                throw invalid("is not a JSON object", line: index)
            }
            return try checked(draft(value, line: index), line: index)
        }
    }

    private static func draft(_ value: JSONValue, line: Int) throws -> QuestionDraft {
        let text = (value["question"] ?? value["text"])?.string ?? ""
        guard (1...20_000).contains(text.unicodeScalars.count) else { throw invalid("has no question", line: line) }
        var expected: [ExpectedPlace] = []
        for place in value["expected"]?.array ?? [] {
            guard let document = place["document"]?.string, !document.isEmpty else {
                throw invalid("expects a place without a document", line: line)
            }
            expected.append(
                ExpectedPlace(
                    document: document, gain: Int(clamping: place["gain"]?.int ?? 1), quote: place["quote"]?.string,
                    page: place["page"]?.int.map { Int(clamping: $0) }))
        }
        let page = value["pages"]?.array?.first?.int ?? value["page"]?.int
        for document in value["documents"]?.array?.compactMap(\.string) ?? [] {
            expected.append(ExpectedPlace(document: document, quote: value["answer"]?.string, page: page.map { Int(clamping: $0) }))
        }
        let key = (value["id"] ?? value["_id"]).flatMap { $0.string ?? $0.int.map { "\($0)" } }
        // A question without places is one without an answer in our own form, and one that is judged elsewhere in BEIR's.
        let isAnswerable = value["answerable"]?.bool ?? (expected.isEmpty && value["question"] != nil ? false : nil)
        return QuestionDraft(
            key: key, question: text, isAnswerable: isAnswerable, expected: expected, answer: value["expected_answer"]?.string,
            tags: value["tags"]?.array?.compactMap(\.string) ?? [])
    }

    private static func judgements(_ lines: [Substring]) throws -> [String: [String: Int]] {
        var judgements: [String: [String: Int]] = [:]
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            // BEIR: query, document, gain. TREC: query, an unused column, document, gain.
            let columns = line.split(separator: "\t").map { $0.trimmingCharacters(in: .whitespaces) }
            guard columns.count >= 3, let last = columns.last else { throw invalid("has not three columns", line: index) }
            guard let gain = Int(last) else {
                if index == 0 { continue }
                throw invalid("does not end in a number", line: index)
            }
            judgements[columns[0], default: [:]][columns[columns.count - 2]] = gain
        }
        return judgements
    }

    private static func table(_ text: String) throws -> [QuestionDraft] {
        var rows = CSVRows(text).rows
        guard !rows.isEmpty else { throw invalid("It is empty.") }
        let names = rows.removeFirst().map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        guard names.contains("question") else { throw invalid("Its head line has no column named question.") }
        return try rows.enumerated().map { index, row in
            let cells = Dictionary(zip(names, row)) { first, _ in first }.filter { !$0.value.isEmpty }
            func list(_ name: String) -> [String] {
                (cells[name] ?? "").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
            guard let question = cells["question"], question.unicodeScalars.count <= 20_000 else {
                throw invalid("has no question", line: index + 1)
            }
            let page = cells["page"].flatMap { Int($0) }
            let expected = list("documents").map { ExpectedPlace(document: $0, quote: cells["answer"], page: page) }
            let draft = QuestionDraft(
                key: cells["id"], question: question,
                isAnswerable: cells["answerable"].map { $0.lowercased() == "true" } ?? !expected.isEmpty,
                expected: expected, answer: cells["expected_answer"], tags: list("tags"))
            return try checked(draft, line: index + 1)
        }
    }

    /// The draft, held to the same lengths as one that comes over HTTP.
    private static func checked(_ draft: QuestionDraft, line: Int) throws -> QuestionDraft {
        do {
            return try QuestionDraft.schema.decode(JSONValue(parsing: QuestionDraft.schema.encode(draft), .stored))
        } catch let error as ParleyError {
            throw invalid("is not valid: \(error.message)", line: line)
        }
    }

    private static func invalid(_ what: String, line: Int? = nil) -> ParleyError {
        guard let line else { return ParleyError(.questionFileInvalid, "The file of questions cannot be read. \(what)") }
        return ParleyError(
            .questionFileInvalid, "The file of questions cannot be read: line \(line + 1) \(what).",
            fields: [FieldError("\(line + 1)", what)])
    }
}

/// Comma-separated values (RFC 4180): cells may stand in quotes, with `""` for a quote, and then hold commas and line ends.
struct CSVRows {
    private(set) var rows: [[String]] = []

    init(_ text: String) {
        var (row, cell, isQuoted) = ([String](), "", false)
        var characters = text.makeIterator()
        var next = characters.next()
        while let character = next {
            next = characters.next()
            if isQuoted {
                if character != "\"" {
                    cell.append(character)
                } else if next == "\"" {
                    cell.append(character)
                    next = characters.next()
                } else {
                    isQuoted = false
                }
            } else if character == "\"" {
                isQuoted = true
            } else if character == "," {
                row.append(cell)
                cell = ""
            } else if character.isNewline {
                end(&row, &cell)
            } else {
                cell.append(character)
            }
        }
        end(&row, &cell)
    }

    private mutating func end(_ row: inout [String], _ cell: inout String) {
        if !row.isEmpty || !cell.isEmpty { rows.append(row + [cell]) }
        (row, cell) = ([], "")
    }
}
