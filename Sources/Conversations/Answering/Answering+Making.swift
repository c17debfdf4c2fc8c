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
    func make(_ draft: inout AnswerDraft, _ begun: Begun, _ scope: ProjectScope<ThreadsUse>, _ log: AnswerLog) async throws {
        let language = AnswerLanguage(of: begun.question)
        draft.answer.outcome.language = language == .english ? nil : language
        try await find(&draft, begun, scope)
        guard !draft.answer.outcome.passages.isEmpty else {
            return try await refuse(language.nothing, &draft, log)
        }
        let read = try await read(&draft)
        if configuration.abstains, draft.answer.outcome.answerability?.isAnswerable == false {
            return try await refuse(language.refusal, &draft, log)
        }
        guard let first = begun.plan.models.first else { return try await quote(&draft, read, log) }
        // A very small model cannot judge for itself what the search doubts.
        if begun.plan.style(for: first) == .extract, draft.answer.outcome.stance == .doubted {
            return try await quote(&draft, read, log)
        }
        draft.answer.outcome.way = .written
        try await log.add(draft.answer.outcome.retrieval)
        for model in begun.plan.models {
            do {
                return try await askFitting(model, begun, read, &draft, log)
            } catch let error as ParleyError where Self.isOfModel(error) && draft.answer.content == begun.opening {
                telemetry.logger.warning("a language model failed", metadata: ["model": "\(model.name)", "error": "\(error)"])
                let name = begun.plan.models.count > 1 ? model.name + ": " : ""
                draft.answer.outcome.degraded.append(
                    Degradation(component: "model", message: name + error.message, code: error.code.name))
            }
        }
        (draft.answer.outcome.model, draft.answer.outcome.usage) = (nil, nil)
        draft.answer.outcome.tellOfQuoting()
        try await quote(&draft, read, log)
    }

    /// Whether another model, or none, may answer instead.
    private static func isOfModel(_ error: ParleyError) -> Bool { error.code.isFault || error.code == .modelContextExceeded }

    /// Asks a model, and once more with half of the prompt where its window is smaller than is known.
    private func askFitting(
        _ model: ChatModels.Entry, _ begun: Begun, _ read: [ReadPassages]?, _ draft: inout AnswerDraft, _ log: AnswerLog
    ) async throws {
        let budget = begun.plan.budget(for: model)
        do {
            try await ask(model, budget, begun, read, &draft, log)
        } catch let error as ParleyError where error.code == .modelContextExceeded && draft.answer.content == begun.opening {
            telemetry.logger.info("a prompt was too long", metadata: ["model": "\(model.name)", "tokens": "\(budget)"])
            try await ask(model, budget / 2, begun, read, &draft, log)
        }
    }

    /// Nothing is refused by reading alone: likeness too must give the answer less than this. Where words and texts differ much, the reader
    /// overlooks answers that are there (`docs/answers.md`).
    private static let unlike = 0.3

    /// What the reader makes of the passages, which then tells whether they hold the answer; nil without one, and where it fails.
    private func read(_ draft: inout AnswerDraft) async throws -> [ReadPassages]? {
        guard let reader else { return nil }
        let start = ContinuousClock.now
        do {
            let finder = ReaderFinder(reader: reader)
            let read = try await read(draft.parts, finder)
            draft.trace.stage("read", since: start)
            let likeness = draft.answer.outcome.answerability
            let isUnlike = likeness.map { $0.probability < Self.unlike } ?? false
            let answerability = Answerability(
                judge: .reader, signals: likeness?.signals, probability: read.map(\.probability).min() ?? 0,
                threshold: isUnlike ? finder.threshold ?? 0 : 0, doubt: finder.sure)
            (draft.trace.answerability, draft.answer.outcome.answerability) = (answerability, answerability)
            return read
        } catch let error as ParleyError {
            telemetry.logger.warning("passages not read", metadata: ["error": "\(error)"])
            draft.answer.outcome.degraded.append(
                Degradation(component: "reader", message: error.message + " Likeness told what answers."))
            return nil
        }
    }

    /// What words and likeness tell of the passages.
    private func compare(_ draft: AnswerDraft) async throws -> [ReadPassages] {
        try await read(draft.parts, LikenessFinder { [search] in try await search.likeness(of: $0, to: $1) })
    }

    private func read(_ parts: [AnswerPart], _ finder: any AnswerFinder) async throws -> [ReadPassages] {
        var read: [ReadPassages] = []
        for part in parts { read.append(try await ReadPassages(part.question, part.passages, finder: finder, said: part.said)) }
        return read
    }

    private static let goOn = "Your answer broke off. Go on exactly where it ended, without repeating anything."

    private func ask(
        _ entry: ChatModels.Entry, _ budget: Int, _ begun: Begun, _ read: [ReadPassages]?, _ draft: inout AnswerDraft, _ log: AnswerLog
    ) async throws {
        let (model, plan) = (entry.model, begun.plan)
        let style = plan.style(for: entry)
        let builder = PromptBuilder(budget: budget, style: style, counter: model.tokenCounter, wishes: plan.instructions)
        let question = style == .extract ? draft.trace.standalone ?? begun.question : begun.question
        let (prompt, shown) = try await prompt(builder, question, draft.answer.outcome.passages, begun.history)
        let sent =
            begun.opening.isEmpty
            ? prompt.messages : prompt.messages + [ChatMessage(.assistant, begun.opening), ChatMessage(.user, Self.goOn)]
        draft.note(prompt, sent, budget: builder.budget)
        let passages = style == .extract ? shown : prompt.passages.map { shown[$0] }
        let pages = try await database.read { try PageFinder(Set(passages.map(\.revision)), in: $0) }
        draft.answer.outcome.model = entry.name
        draft.answer.outcome.usage = TokenUsage(
            promptTokens: model.tokenCounter.tokenCount(of: sent), completionTokens: 0, isEstimate: true)
        var written = WrittenText(
            AnswerChecker(passages: passages, question: question, pages: pages, marks: style == .converse, reader: reader), style)
        let start = ContinuousClock.now
        do {
            try await write(model.stream(plan.request(sent, to: entry)), behind: begun.opening, &written, &draft, log)
        } catch {
            // What is there of an answer that broke off is kept, so that it can be gone on with.
            try await tell(await written.release(), &draft.answer, log)
            throw error
        }
        draft.trace.stage("generate", since: start)
        try Task.checkCancellation()
        try await tell(await written.finish(), &draft.answer, log)
        usage.complete(&draft.answer, written: written.text + (draft.trace.reasoning ?? ""))
        (draft.answer.outcome.droppedCitations, draft.trace.droppedCitations) = (written.dropped, written.dropped)
        if let usage = draft.answer.outcome.usage { try await log.add(.usage(usage)) }
        guard written.isOpen else { return try await replace(written.text, &draft, read, log) }
        if written.isLoop { draft.answer.outcome.tellOfLoop() }
        if draft.answer.outcome.citations.isEmpty { (draft.answer.outcome.isRefusal, draft.trace.isRefusal) = (true, true) }
    }

    /// Quotes the documents in place of what a model wrote and the documents do not say.
    private func replace(
        _ written: String, _ draft: inout AnswerDraft, _ read: [ReadPassages]?, _ log: AnswerLog
    ) async throws {
        let isEmpty = written.allSatisfy(\.isWhitespace)
        let reason = isEmpty ? draft.answer.outcome.emptiness : "What the language model wrote was not found in the documents"
        draft.answer.outcome.degraded.append(
            Degradation(component: "citations", message: reason + ": the documents are quoted instead."))
        try await quote(&draft, read, log)
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

    /// The model's text into the answer. What stands before it is written with the first word, so that of a model that fails before there
    /// is nothing.
    private func write(
        _ stream: AsyncThrowingStream<ChatChunk, any Error>, behind opening: String, _ written: inout WrittenText,
        _ draft: inout AnswerDraft, _ log: AnswerLog
    ) async throws {
        var lead: String? = opening
        for try await chunk in stream {
            switch chunk {
            case .text(let text):
                try await begin(&lead, &written, &draft.answer, log)
                try await tell(await written.add(text), &draft.answer, log)
                if written.isLoop { return }
            case .reasoning(let text): draft.trace.note(reasoning: text)
            case .withdrawn:
                written.withdraw()
                lead = opening
                try await takeBack(&draft.answer, to: opening, log)
            case .finished(let reason, let usage):
                draft.answer.outcome.finish = reason
                if let usage {
                    draft.answer.outcome.usage = TokenUsage(promptTokens: usage.promptTokens, completionTokens: usage.completionTokens)
                }
            }
        }
        try await begin(&lead, &written, &draft.answer, log)
    }

    private func begin(_ lead: inout String?, _ written: inout WrittenText, _ answer: inout Message, _ log: AnswerLog) async throws {
        guard let text = lead else { return }
        (lead, answer.content) = (nil, "")
        if !text.isEmpty { try await tell(await written.begin(text), &answer, log) }
    }

    /// Takes back what was shown of an answer, as after a restart.
    private func takeBack(_ answer: inout Message, to opening: String, _ log: AnswerLog) async throws {
        let wasShown = !answer.content.isEmpty && answer.content != opening
        (answer.content, answer.outcome.citations, answer.outcome.sentences) = (opening, [], nil)
        guard wasShown else { return }
        try await log.add(.restarted(attempt: answer.attempt))
        try await log.add(answer.outcome.retrieval)
    }

    private func refuse(_ text: String, _ draft: inout AnswerDraft, _ log: AnswerLog) async throws {
        (draft.answer.outcome.isRefusal, draft.trace.isRefusal) = (true, true)
        draft.answer.content = ""
        try await log.add(draft.answer.outcome.retrieval)
        try await tell([.text(text)], &draft.answer, log)
    }

    /// The documents' own words as the answer, or under a line which says that they may be none.
    private func quote(_ draft: inout AnswerDraft, _ read: [ReadPassages]?, _ log: AnswerLog) async throws {
        let start = ContinuousClock.now
        // Whether a sentence answers is told better by itself than by its passage; where nothing is calibrated, nothing is sure.
        let isDoubted = draft.answer.outcome.answerability == nil
        let passages = if let read { read } else { try await compare(draft) }
        let quoted = try await QuotedAnswer.make(
            passages, asksForAll: draft.shape == .list, isDoubted: isDoubted, language: draft.answer.outcome.language ?? .english,
            in: database)
        draft.trace.stage("quote", since: start)
        draft.answer.content = ""
        (draft.answer.outcome.way, draft.answer.outcome.isDoubted) = (.quoted, !quoted.isSure)
        (draft.answer.outcome.citations, draft.answer.outcome.sentences, draft.answer.outcome.finish) = ([], nil, nil)
        draft.answer.outcome.quotes = quoted.pieces.compactMap(\.quote)
        try await log.add(draft.answer.outcome.retrieval)
        for piece in quoted.pieces {
            let known: [AnswerChecker.Piece?] = [
                .text(piece.text), piece.citation.map { .citation($0) }, piece.sentence.map { .sentence($0) },
            ]
            try await tell(known.compactMap { $0 }, &draft.answer, log)
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

extension AnswerOutcome {
    /// Why a model that was asked wrote nothing.
    fileprivate var emptiness: String {
        switch finish {
        case .length:
            "The language model used up its tokens before it answered; raise answer.max_tokens, or model.thinking_tokens and model.context_window"
        case .filtered: "The language model's service withheld the answer"
        case .toolCalls: "The language model asked for a tool instead of answering"
        case .stop, nil: "The language model gave no answer"
        }
    }

    /// Adds to the last trouble what is done about it.
    fileprivate mutating func tellOfQuoting() {
        guard let last = degraded.popLast() else { return }
        degraded.append(
            Degradation(component: last.component, message: last.message + " The documents are quoted instead.", code: last.code))
    }

    /// An answer that was ended because it went round in circles is not whole.
    fileprivate mutating func tellOfLoop() {
        finish = .length
        degraded.append(Degradation(component: "model", message: "The language model repeated itself; its answer was ended there."))
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
