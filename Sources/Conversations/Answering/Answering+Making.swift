import Library
import Logging
import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyInference
import ParleyTelemetry
import Retrieval

extension Answering {
    /// Retrieval, then the models one after the other until one answers, or the passages themselves when there is none.
    func make(_ draft: inout AnswerDraft, _ begun: Begun, _ scope: ProjectScope, _ log: AnswerLog) async throws {
        let found = try await find(&draft, begun, scope)
        guard !found.hits.isEmpty else {
            try await log.add(.retrieval([], found.degraded))
            return try await refuse("The documents in this project hold nothing on this question.", &draft, log)
        }
        if configuration.abstains, found.answerability?.isAnswerable == false {
            try await log.add(.retrieval(found.hits, found.degraded))
            return try await refuse("The documents in this project do not hold the answer to this question.", &draft, log)
        }
        guard !begun.plan.models.isEmpty else { return try await quote(&draft.answer, reason: "No language model is configured", log) }
        try await log.add(.retrieval(found.hits, found.degraded))
        for model in begun.plan.models {
            do {
                return try await ask(model, begun, &draft, log)
            } catch let error as ParleyError where error.code.isFault && draft.answer.content == begun.opening {
                telemetry.logger.warning("a language model failed", metadata: ["model": "\(model.name)", "error": "\(error)"])
                draft.answer.outcome.degraded.append(
                    Degradation(component: "model", message: "The language model \(model.name) could not be asked."))
            }
        }
        draft.answer.outcome.degraded = found.degraded
        (draft.answer.outcome.model, draft.answer.outcome.usage) = (nil, nil)
        try await quote(&draft.answer, reason: "The language model cannot be reached", log)
    }

    /// The passages for the question, made to stand alone where it follows another.
    private func find(_ draft: inout AnswerDraft, _ begun: Begun, _ scope: ProjectScope) async throws -> SearchResult {
        let rewriting = ContinuousClock.now
        if let rule = FollowUp.standalone(begun.question, after: begun.history) {
            let rewritten = try await rewritten(begun, &draft)
            draft.trace.standalone = rewritten ?? rule
            draft.trace.rewrittenBy = rewritten == nil ? "words" : "model"
            draft.trace.stage("rewrite", since: rewriting)
        }
        var request = SearchRequest(query: draft.trace.standalone ?? begun.question, limit: begun.plan.passages, mode: begun.plan.mode)
        request.relaxes = true
        let searching = ContinuousClock.now
        let found = try await search.search(request, scope)
        draft.trace.stage("search", since: searching)
        (draft.trace.search, draft.trace.answerability) = (found.trace, found.answerability)
        draft.answer.outcome.passages = found.hits
        draft.answer.outcome.degraded = found.degraded
        draft.answer.outcome.answerability = found.answerability
        return found
    }

    /// The question as a model makes it stand alone; nil from one too small for it, from one that fails, and when what it says cannot be that.
    private func rewritten(_ begun: Begun, _ draft: inout AnswerDraft) async throws -> String? {
        guard let entry = begun.plan.models.first, begun.plan.style(for: entry) == .converse else { return nil }
        let request = ChatRequest(
            [ChatMessage(.user, FollowUp.request(begun.question, after: begun.history))], maxTokens: Self.rewritingTokens)
        var (text, told): (String, TokenUsage?) = ("", nil)
        // Counted as well when it fails on the way or is stopped: the model has read its prompt by then.
        defer { draft.auxiliary.append(AuxiliaryCall(.rewriting, entry, request.messages, text, told)) }
        do {
            for try await chunk in entry.model.stream(request) {
                switch chunk {
                case .text(let more): text += more
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
    /// What a model too small to judge for itself is made to say first. Speaks of the documents, so that nothing needs to support it.
    private static let warning = "The documents may not hold the answer to this question.\n\n"
    private static let goOn = "Your answer broke off. Go on exactly where it ended, without repeating anything."

    private func ask(_ entry: ChatModels.Entry, _ begun: Begun, _ draft: inout AnswerDraft, _ log: AnswerLog) async throws {
        let (model, plan) = (entry.model, begun.plan)
        let style = plan.style(for: entry)
        let builder = PromptBuilder(
            budget: plan.budget(for: entry), style: style, counter: model.tokenCounter, wishes: plan.instructions)
        let question = style == .extract ? draft.trace.standalone ?? begun.question : begun.question
        let (prompt, shown) = try await prompt(builder, question, draft.answer.outcome.passages, begun.history)
        let sent =
            begun.opening.isEmpty
            ? prompt.messages : prompt.messages + [ChatMessage(.assistant, begun.opening), ChatMessage(.user, Self.goOn)]
        draft.note(prompt, sent, budget: builder.budget)
        let passages = style == .extract ? shown : prompt.passages.map { shown[$0] }
        let pages = try await database.read { try PageFinder(Set(passages.map(\.revision)), in: $0) }
        var checker = AnswerChecker(passages: passages, question: question, pages: pages, marks: style == .converse)
        draft.answer.outcome.model = entry.name
        draft.answer.outcome.usage = TokenUsage(
            promptTokens: model.tokenCounter.tokenCount(of: sent), completionTokens: 0, isEstimate: true)
        let isWarned = style == .extract && draft.answer.outcome.stance == .doubted
        let lead = begun.opening.isEmpty && isWarned ? Self.warning : begun.opening
        let start = ContinuousClock.now
        try await write(model.stream(plan.request(sent, to: entry)), behind: lead, &checker, &draft.answer, log)
        draft.trace.stage("generate", since: start)
        usage.complete(&draft.answer)
        try Task.checkCancellation()
        try await tell(checker.finish(), &draft.answer, log)
        if style == .extract, draft.answer.outcome.sentences?.contains(where: { $0.verdict == .supported }) != true {
            // A very small model often says something else than its text: then the text itself has the last word.
            let length = draft.answer.content.unicodeScalars.count
            try await tell(checker.quotation(for: question, after: length), &draft.answer, log)
        }
        if let usage = draft.answer.outcome.usage { try await log.add(.usage(usage)) }
        (draft.answer.outcome.droppedCitations, draft.trace.droppedCitations) = (checker.dropped, checker.dropped)
        conclude(&draft)
    }

    /// The prompt and the passages as they stand in it: with the text around them where there is room for it.
    private func prompt(
        _ builder: PromptBuilder, _ question: String, _ passages: [Passage], _ history: [Message]
    ) async throws -> (PromptBuilder.Prompt, [Passage]) {
        let prompt = builder.prompt(question: question, passages: passages, history: history)
        guard builder.style == .converse, prompt.left > 0 else { return (prompt, passages) }
        let widening = PassageWidening(tokens: prompt.left, counter: builder.counter)
        let widened = try await database.read { try widening.widened(passages, prompt.passages, in: $0) }
        return (builder.prompt(question: question, passages: widened, history: history), widened)
    }

    /// The model's text into the answer, each sentence checked as it ends. What stands before it is written with the first word, so that
    /// of a model that fails before there is nothing.
    private func write(
        _ stream: AsyncThrowingStream<ChatChunk, any Error>, behind lead: String, _ checker: inout AnswerChecker, _ answer: inout Message,
        _ log: AnswerLog
    ) async throws {
        var repetition = RepetitionGuard()
        var lead: String? = lead
        for try await chunk in stream {
            switch chunk {
            case .text(let text):
                try await begin(&lead, &checker, &answer, log)
                try await tell(checker.add(text), &answer, log)
                if repetition.repeats(text) { return }
            case .finished(let reason, let usage):
                answer.outcome.finish = reason
                if let usage {
                    answer.outcome.usage = TokenUsage(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens)
                }
            }
        }
        try await begin(&lead, &checker, &answer, log)
    }

    private func begin(_ lead: inout String?, _ checker: inout AnswerChecker, _ answer: inout Message, _ log: AnswerLog) async throws {
        guard let text = lead else { return }
        (lead, answer.content) = (nil, "")
        if !text.isEmpty { try await tell(checker.add(text), &answer, log) }
    }

    /// What is to be said of the answer as a whole.
    private func conclude(_ draft: inout AnswerDraft) {
        guard draft.answer.outcome.citations.isEmpty else { return }
        if draft.answer.outcome.sentences == nil, AnswerChecker.admitsIgnorance(draft.answer.content) {
            (draft.answer.outcome.isRefusal, draft.trace.isRefusal) = (true, true)
        } else {
            draft.answer.outcome.degraded.append(
                Degradation(
                    component: "citations", message: "No sentence of this answer was found in the documents: check it against the passages."
                ))
        }
    }

    private func refuse(_ text: String, _ draft: inout AnswerDraft, _ log: AnswerLog) async throws {
        (draft.answer.outcome.isRefusal, draft.trace.isRefusal) = (true, true)
        draft.answer.content = ""
        try await tell([.text(text)], &draft.answer, log)
    }

    private func quote(_ answer: inout Message, reason: String, _ log: AnswerLog) async throws {
        answer.outcome.degraded.append(Degradation(component: "model", message: "\(reason): these are the best passages, quoted."))
        answer.content = ""
        try await log.add(.retrieval(answer.outcome.passages, answer.outcome.degraded))
        for piece in QuotedAnswer.pieces(answer.outcome.passages) {
            try await tell([.text(piece.text), .citation(piece.citation)], &answer, log)
        }
    }

    private func tell(_ pieces: [AnswerChecker.Piece], _ answer: inout Message, _ log: AnswerLog) async throws {
        for piece in pieces {
            switch piece {
            case .text(let text):
                answer.content += text
                try await log.add(.text(text))
            case .citation(let citation):
                answer.outcome.citations.append(citation)
                try await log.add(.citation(citation))
            case .sentence(let check):
                answer.outcome.sentences = (answer.outcome.sentences ?? []) + [check]
                try await log.add(.sentence(check))
            }
        }
    }

    /// Counts what the checks of an answer that is over found.
    func count(_ answer: Message) {
        for check in answer.outcome.sentences ?? [] { telemetry.count(.answerSentences, ["verdict": check.verdict.rawValue]) }
        if let dropped = answer.outcome.droppedCitations, dropped > 0 { telemetry.count(.droppedCitations, by: Double(dropped)) }
        if answer.outcome.isRefusal == true { telemetry.count(.refusedAnswers) }
    }
}

extension AnswerDraft {
    fileprivate mutating func note(_ prompt: PromptBuilder.Prompt, _ sent: [ChatMessage], budget: Int) {
        trace.prompt = sent.map { AnswerTrace.PromptMessage(role: $0.role.rawValue, content: $0.content) }
        trace.promptBudget = budget
        trace.promptPassages = prompt.passages.map { answer.outcome.passages[$0].index }
        (trace.turns, trace.summarisedTurns) = (prompt.turns, prompt.summarised)
    }
}

extension Metric {
    static let answerSentences = Metric.counter(
        "parley_answer_sentences_total", "Sentences of answers, by whether the documents support them.", labels: ["verdict"])
    static let droppedCitations = Metric.counter(
        "parley_citations_dropped_total", "Citations that models made and that could not be found in the documents.")
    static let refusedAnswers = Metric.counter(
        "parley_answers_refused_total", "Answers which say that the documents do not hold the answer.")
}
