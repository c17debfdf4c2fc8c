public import ParleyAuthority
public import ParleyCore
import ParleyDatabase

extension QuestionSetService {
    /// Adds what a file holds; a question whose key the set has takes that one's place. What is to be written is made before the transaction.
    /// - Throws: `question_set.not_found`, `question_set.full`.
    public func add(_ file: QuestionImport, to set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> ImportReport {
        switch file {
        case .questions(let drafts): try await add(drafts, to: set, scope)
        case .judgements(let gains): try await judge(gains, in: set, scope)
        }
    }

    private func add(_ drafts: [QuestionDraft], to set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws -> ImportReport {
        guard drafts.count <= Self.limit else { throw Self.full }
        let ready = try drafts.map { ($0, QuestionTexts(expected: try JSONText($0.expected), tags: try JSONText($0.tags))) }
        return try await change(set, scope) { now, report, connection in
            let before = try questions.count(of: set, in: connection)
            for (draft, texts) in ready {
                if let key = draft.key, let known = try questions.question(key: key, in: set, connection) {
                    let replaced = SetQuestion(draft, known.id, of: set, known.source, known.message, at: now, createdAt: known.createdAt)
                    try questions.update(replaced, texts, in: connection)
                    report.changed += 1
                } else {
                    guard before + report.added < Self.limit else { throw Self.full }
                    // A set keeps the order of its file.
                    let id = SetQuestionID(at: now + .milliseconds(report.added))
                    try questions.insert(SetQuestion(draft, id, of: set, .file, nil, at: now), texts, in: connection)
                    report.added += 1
                }
            }
        }
    }

    private func judge(_ gains: [String: [String: Int]], in set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>) async throws
        -> ImportReport
    {
        let keys = try await database.read { try questions.keys(of: set, in: $0) }
        let ready = try gains.filter { keys.contains($0.key) }.map { key, gains in
            let expected = gains.sorted { $0.key < $1.key }.map { ExpectedPlace(document: $0.key, gain: $0.value) }
            return (key, expected, try JSONText(expected))
        }
        return try await change(set, scope) { now, report, connection in
            for (key, expected, text) in ready {
                guard var known = try questions.question(key: key, in: set, connection) else { continue }
                (known.expected, known.isAnswerable, known.updatedAt) = (expected, expected.contains { $0.gain > 0 }, now)
                try questions.update(known, QuestionTexts(expected: text, tags: JSONText(known.tags)), in: connection)
                report.changed += 1
            }
            report.unknown = gains.count - report.changed
        }
    }

    private func change(
        _ set: QuestionSetID, _ scope: ProjectScope<EvaluationsUse>,
        _ body: @escaping @Sendable (Timestamp, inout ImportReport, Connection) throws -> Void
    ) async throws -> ImportReport {
        let now = clock.now()
        return try await database.write { connection in
            _ = try find(set, scope.project, in: connection)
            var report = ImportReport()
            try body(now, &report, connection)
            try sets.touch(set, at: now, in: connection)
            try tell("question_set.changed", set, scope, in: connection)
            return report
        }
    }
}

extension SetQuestion {
    /// - Parameter createdAt: when it was made, unless that is now.
    init(
        _ draft: QuestionDraft, _ id: SetQuestionID, of set: QuestionSetID, _ source: QuestionSource, _ message: MessageID?,
        at now: Timestamp, createdAt: Timestamp? = nil
    ) {
        self.init(
            id: id, set: set, key: draft.key, question: draft.question,
            isAnswerable: draft.isAnswerable ?? (draft.expected.isEmpty ? nil : true), expected: draft.expected, answer: draft.answer,
            tags: draft.tags, source: source, message: message, createdAt: createdAt ?? now, updatedAt: now)
    }
}

/// What became of a file's questions.
public struct ImportReport: Sendable, Hashable {
    public var added = 0
    /// Questions that were there by their keys.
    public var changed = 0
    /// Judgements of questions that the set does not have.
    public var unknown = 0
}
