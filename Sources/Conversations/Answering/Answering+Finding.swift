import ParleyAuthority
import ParleyCore
import ParleyIndex
import ParleyInference
import Retrieval

/// A question with the passages that were found for it: the person's own, or one for each of the things that it compares.
struct AnswerPart: Sendable {
    /// Standing alone, and without what it excludes.
    let question: String
    let passages: [Passage]
    /// Where it follows other questions: what the answers to them quoted.
    let said: [QuotedPlace]
}

extension Answering {
    /// The passages for the question, made to stand alone where it follows another, and taken apart where it compares.
    func find(_ draft: inout AnswerDraft, _ begun: Begun, _ scope: ProjectScope<ThreadsUse>) async throws {
        let rewriting = ContinuousClock.now
        if let rule = FollowUp.standalone(begun.question, after: begun.history) {
            let rewritten = try await rewritten(begun, &draft)
            draft.trace.standalone = rewritten ?? rule
            draft.trace.rewrittenBy = rewritten == nil ? "words" : "model"
            draft.trace.stage("rewrite", since: rewriting)
        }
        let question = draft.trace.standalone ?? begun.question
        draft.shape = QuestionShape(question)
        let questions = if case .comparison(let parts) = draft.shape { parts } else { [question] }
        let searching = ContinuousClock.now
        var found: [SearchResult] = []
        for each in questions {
            // What a comparison asks for is as much as one question may draw on, and a little more.
            var request = SearchRequest(
                query: each, limit: questions.count == 1 ? begun.plan.passages : (begun.plan.passages + 2) / 2, mode: begun.plan.mode)
            request.relaxes = true
            found.append(try await search.search(request, scope.search))
        }
        draft.trace.stage("search", since: searching)
        let quoted = draft.trace.standalone == nil ? [] : begun.history.suffix(2).flatMap(\.quotedPlaces)
        draft.take(found, questions.map(QuestionLanguage.wanted), said: quoted)
    }

    /// The question as a model makes it stand alone; nil from one too small for it, from one that fails, and when what it says cannot be that.
    private func rewritten(_ begun: Begun, _ draft: inout AnswerDraft) async throws -> String? {
        guard let entry = begun.plan.models.first, begun.plan.style(for: entry) == .converse else { return nil }
        let request = ChatRequest(
            [ChatMessage(.user, FollowUp.request(begun.question, after: begun.history))], maxTokens: Self.rewritingTokens,
            allowsThinking: false)
        var (text, told): (String, TokenUsage?) = ("", nil)
        // Counted as well when it fails on the way or is stopped: the model has read its prompt by then.
        defer { draft.auxiliary.append(AuxiliaryCall(.rewriting, entry, request.messages, text, told)) }
        do {
            for try await chunk in entry.model.stream(request) {
                switch chunk {
                case .text(let more): text += more
                case .reasoning: break
                case .withdrawn: text = ""
                case .finished(_, let usage):
                    told = usage.map { TokenUsage(promptTokens: $0.promptTokens, completionTokens: $0.completionTokens) }
                }
            }
        } catch is ParleyError {
            return nil
        }
        try Task.checkCancellation()
        return FollowUp.accepted(text, for: begun.question, after: begun.history)
    }

    private static let rewritingTokens = 80
}

extension AnswerDraft {
    /// What the searches found: the best of each first, every passage once.
    fileprivate mutating func take(_ found: [SearchResult], _ questions: [String], said: [QuotedPlace]) {
        var passages: [Passage] = []
        var places: [ChunkID: Int] = [:]
        for rank in 0..<(found.map(\.hits.count).max() ?? 0) {
            let ranked = found.compactMap { $0.hits.indices.contains(rank) ? $0.hits[rank] : nil }
            for hit in ranked where places[hit.chunk] == nil {
                places[hit.chunk] = passages.count
                passages.append(hit.numbered(passages.count + 1))
            }
        }
        parts = zip(questions, found).map { question, found in
            AnswerPart(question: question, passages: found.hits.compactMap { places[$0.chunk].map { passages[$0] } }, said: said)
        }
        answer.outcome.passages = passages
        answer.outcome.degraded = found.reduce(into: []) { notes, found in notes += found.degraded.filter { !notes.contains($0) } }
        let judged = found.map(\.answerability)
        let least = judged.contains(nil) ? nil : judged.compactMap { $0 }.min { $0.probability < $1.probability }
        (answer.outcome.answerability, trace.answerability) = (least, least)
        trace.search = found.first?.trace
    }
}

extension Message {
    /// What it quotes of the documents, if it is a quoted answer.
    fileprivate var quotedPlaces: [QuotedPlace] {
        guard outcome.way == .quoted else { return [] }
        return outcome.citations.map { QuotedPlace(revision: $0.revision, place: $0.from..<max($0.from, $0.to)) }
    }
}
