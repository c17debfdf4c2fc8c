import Conversations
import Evaluation
import Foundation
import ParleyAuthority
import ParleyClient
import ParleyCore
import Retrieval

/// Puts questions whose answers are known to the product's own search, checks and, if wanted, language model.
struct AnswerEvaluation: Sendable {
    /// Passages found for a question, as many as for an answer.
    private static let passages = 6

    /// What came of one question.
    struct Outcome: Sendable {
        let question: QuestionFile.Question
        /// What the search found of it, and what the answer cites.
        var scores = Scores()
        /// Whether the first passage is of a right document.
        var isRightDocument = false
        /// What the checks said of the true and of the false statement.
        var statement: Verified?
        var wrong: Verified?
        /// What the product answered; nil when it was not asked.
        var answer: Answered?
    }

    /// What the checks said of a statement.
    struct Verified: Sendable {
        let verdict: SupportVerdict
        /// Whether the words that were found are the known ones.
        let isRightPlace: Bool
    }

    /// One answer of the product.
    struct Answered: Sendable {
        let text: String
        let stance: AnswerStance
        let citations: [Cited]
        let verdicts: [String]
    }

    struct Cited: Sendable {
        let place: CitedPlace
        let quote: String
        /// Whether the quote holds the known words, or a part of them.
        let isRight: Bool
    }

    let project: EvaluationProject
    let set: QuestionFile

    /// - Parameter client: asks the product as well; nil to measure search and checks alone.
    func run(asking client: ParleyAPI?) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        var progress = Terminal.Progress(client == nil ? "checking" : "asking")
        for (number, question) in set.questions.enumerated() {
            var outcome = Outcome(question: question)
            if question.isAnswerable { try await find(&outcome) }
            if let client {
                let answer = try await ask(question, client)
                outcome.scores = outcome.scores.merging(
                    QuestionScorer(question.expectation).answer(answer.citations.map(\.place), answer.stance))
                outcome.answer = answer
            }
            outcomes.append(outcome)
            progress.show(number + 1, of: set.questions.count)
        }
        return outcomes
    }

    private func find(_ outcome: inout Outcome) async throws {
        let question = outcome.question
        let hits = try await project.parley.search.measured(question.text, limit: Self.passages, project.search)
        outcome.isRightDocument = hits.first.map { question.documents.contains($0.documentName) } ?? false
        let scorer = QuestionScorer(question.expectation)
        outcome.scores = scorer.ranking(QuestionScorer.documents(hits), depth: Self.passages).merging(scorer.passages(hits))
        let verifier = StatementVerifier(passages: hits, question: question.text, reader: project.parley.passageReader)
        if let statement = question.statement { outcome.statement = Self.verified(await verifier.verify(statement), question) }
        if let wrong = question.wrong { outcome.wrong = Self.verified(await verifier.verify(wrong), question) }
    }

    private static func verified(_ finding: StatementVerifier.Finding, _ question: QuestionFile.Question) -> Verified {
        guard let passage = finding.passage, question.documents.contains(passage.documentName), let answer = question.answer,
            let known = KnownWords.find(answer, in: passage.text)
        else { return Verified(verdict: finding.verdict, isRightPlace: false) }
        let found = finding.from - passage.from..<finding.to - passage.from
        return Verified(verdict: finding.verdict, isRightPlace: found.overlaps(known))
    }

    private func ask(_ question: QuestionFile.Question, _ client: ParleyAPI) async throws -> Answered {
        let project = "\(project.id)"
        let answer = try await client.ask(question.text, in: project)
        for try await _ in answer {}
        let message = try await client.get(
            "/v1/projects/\(project)/threads/\(answer.thread)/messages/\(answer.message)", as: JSONValue.self)
        let passages = message["passages"]?.array ?? []
        return Answered(
            text: message["content"]?.string ?? "", stance: Self.stance(message["grounding"]),
            citations: (message["citations"]?.array ?? []).map { Self.cited($0, passages, question) },
            verdicts: (message["grounding"]?["sentences"]?.array ?? []).compactMap { $0["verdict"]?.string })
    }

    private static func stance(_ grounding: JSONValue?) -> AnswerStance {
        (grounding?["stance"]?.string).flatMap(AnswerStance.init(rawValue:)) ?? .answered
    }

    private static func cited(_ citation: JSONValue, _ passages: [JSONValue], _ question: QuestionFile.Question) -> Cited {
        let passage = passages.first { $0["index"] == citation["passage"] }
        let start = passage?["from"]?.int ?? 0
        let place = CitedPlace(
            document: citation["document_name"]?.string ?? "", page: citation["page"]?.int.map { Int($0) },
            text: passage?["text"]?.string ?? "", from: Int((citation["from"]?.int ?? 0) - start),
            to: Int((citation["to"]?.int ?? 0) - start))
        return Cited(place: place, quote: citation["quote"]?.string ?? "", isRight: QuestionScorer(question.expectation).isRight(place))
    }
}
