import ParleyCore
import ParleyHTTP
import Retrieval

private let moment = Timestamp(milliseconds: 1_790_000_000_000)

/// The body that names a thread.
struct ThreadTitle: Sendable {
    let title: String?

    static let optional: Schema<ThreadTitle> = .object(
        "NewThread", "A thread to be; without a title it takes the first question's words.",
        .field("title", \.title, .optional(.name(ChatThread.titleLength))),
        example: ThreadTitle(title: "Office hours")
    ) { ThreadTitle(title: $0) }

    static let change: Schema<ThreadTitle> = .object(
        "ThreadTitle", "A thread's new title.",
        .field("title", \.title, .change(.name(ChatThread.titleLength))),
        example: ThreadTitle(title: "Office hours")
    ) { ThreadTitle(title: $0) }
}

/// The body that asks.
struct Question: Sendable {
    let content: String
    let parent: MessageID?
    let model: String?
    let way: AnswerWay?

    var options: AnswerOptions {
        var options = AnswerOptions()
        (options.model, options.way) = (model, way)
        return options
    }

    static let schema: Schema<Question> = .object(
        "Question", "A question to the project's documents.",
        .field("content", \.content, .string(1...20_000)),
        .field("parent_id", \.parent, .optional(.id()), "The message it follows; the thread's last one when left out."),
        .field("model", \.model, .optional(.string(1...200)), "One of the installation's models; the project's when left out."),
        .field("way", \.way, .optional(.enumeration()), "`quoted` asks no language model; as the project has it when left out."),
        example: Question(content: "When is the office open?", parent: nil, model: nil, way: nil)
    ) { Question(content: $0, parent: $1, model: $2, way: $3) }
}

extension ChatThread {
    static let example = ChatThread(
        id: ThreadID(at: moment), project: ProjectID(at: moment), owner: UserID(at: moment), title: "Office hours", createdAt: moment,
        updatedAt: moment)

    static let schema: Schema<ChatThread> = .object(
        "Thread", "One person's conversation in a project.",
        .field("id", \.id, .id()),
        .field("title", \.title, .string()),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        .related("last_message", \.lastMessage, Message.schema, "Its newest message."),
        example: example)
}

extension Message {
    static let example: Message = {
        var outcome = AnswerOutcome()
        outcome.citations = [Citation.example]
        outcome.sentences = [SentenceCheck(from: 0, to: 18, verdict: .supported, support: 1)]
        outcome.usage = TokenUsage(promptTokens: 412, completionTokens: 14)
        (outcome.model, outcome.way) = ("SmolLM2-135M-Instruct", .written)
        return Message(
            id: MessageID(at: moment), thread: ChatThread.example.id, parent: nil, role: .assistant, content: "From nine to five.",
            state: .complete, outcome: outcome, job: nil, attempt: 1, createdAt: moment)
    }()

    static let schema: Schema<Message> = .object(
        "Message", "One turn of a thread.",
        .field("id", \.id, .id()),
        .field("thread_id", \.thread, .id()),
        .field("parent_id", \.parent, .optional(.id())),
        .field("role", \.role, .enumeration()),
        .field("content", \.content, .string()),
        .field("state", \.state, .enumeration()),
        .field("way", \.outcome.way, .optional(.enumeration()), "Null for questions and refusals."),
        .field("quotes", { @Sendable in $0.outcome.quotes ?? [] }, .array(AnswerQuote.schema), "What a quoted answer is made of."),
        .field("citations", \.outcome.citations, .array(Citation.schema)),
        .field("grounding", \.outcome.grounding, Grounding.schema),
        .field("cut_short", \.outcome.wasCutShort, .bool(), "The model stopped at its limit of tokens."),
        .field("passages", \.outcome.passages, .array(Passage.schema), "What the answer may draw on."),
        .field("degraded", \.outcome.degraded, .array(Degradation.schema), "What was not working."),
        .field("usage", \.outcome.usage, .optional(TokenUsage.schema)),
        .field("error", \.outcome.failure, .optional(AnswerFailure.schema)),
        .field("model", \.outcome.model, .optional(.string())),
        .field("attempt", \.attempt, .int(), "How often generation was begun; more than 1 after a crash."),
        .field("created_at", \.createdAt, .timestamp()),
        example: example)
}

extension Exchange {
    static let schema: Schema<Exchange> = .object(
        "Exchange", "A question and the answer that is being made to it.",
        .field("question", \.question, Message.schema),
        .field("answer", \.answer, Message.schema),
        example: Exchange(question: Message.example, answer: Message.example))
}

extension Citation {
    static let example = Citation(
        number: 1, passage: 1, at: 18, quote: "The office is open from nine to five.", document: DocumentID(at: moment),
        revision: RevisionID(at: moment), documentName: "handbook.pdf", page: 3, from: 1200, to: 1237, support: 1, verdict: .supported)

    static let schema: Schema<Citation> = .object(
        "Citation", "A place in an answer that rests on words of a document.",
        .field("number", \.number, .int(), "From 1, in order of appearance."),
        .field("passage", \.passage, .int(), "The passage's index."),
        .field("at", \.at, .int(), "The mark stands after this many Unicode scalars of the answer."),
        .field("quote", \.quote, .string(), "The document's own words."),
        .field("document_id", \.document, .id()),
        .field("revision_id", \.revision, .id()),
        .field("document_name", \.documentName, .string()),
        .field("page", \.page, .optional(.int())),
        .field("from", \.from, .int(), "The quote's place in the revision's parsed text."),
        .field("to", \.to, .int()),
        .field("support", \.support, .double(), "How far the quote supports the sentence, 0 to 1."),
        .field("verdict", \.verdict, .optional(.enumeration()), "Null for citations from before there were verdicts."),
        example: example)
}

extension AnswerQuote.Place {
    static let schema: Schema<AnswerQuote.Place> = .object(
        "AnswerPlace", "A place in an answer's text.",
        .field("from", \.from, .int(), "Unicode scalars of the answer, half-open."),
        .field("to", \.to, .int()),
        example: AnswerQuote.Place(from: 1, to: 38))
}

extension AnswerQuote {
    static let schema: Schema<AnswerQuote> = .object(
        "AnswerQuote", "Words of a document in a quoted answer: sentences, rows of a table or items of a list, whole.",
        .field("place", \.place, Place.schema),
        .field("citation", \.citation, .int(), "The number of the citation that tells document, page and place in it."),
        .field("heading_path", \.headings, .array(.string()), "The headings above it, the outermost first."),
        .field("lead", \.lead, .optional(Place.schema), "The table's header, or the sentence that leads to the list."),
        .field("marks", \.marks, .array(Place.schema), "The words that answer, where they can be told."),
        example: AnswerQuote(
            place: Place(from: 1, to: 38), citation: 1, headings: ["Office hours"], lead: nil, marks: [Place(from: 20, to: 37)]))
}

extension Grounding {
    static let schema: Schema<Grounding> = .object(
        "Grounding", "How far the documents bear an answer out.",
        .field("way", \.way, .optional(.enumeration()), "How the answer was made; null for questions and refusals."),
        .field("stance", \.stance, .enumeration(), "What is `doubted` or `refused` must not be shown as an answer."),
        .field("head", \.head, .optional(.string()), "What the text begins with where it may not answer the question."),
        .field("refused", \.isRefusal, .bool(), "The answer says that the documents do not hold it."),
        .field("answerability", \.answerability, .optional(Answerability.schema), "Null where nothing could tell."),
        .field("sentences", \.sentences, .array(SentenceCheck.schema), "What is `not_found` must not be shown as fact."),
        .field("dropped_citations", \.droppedCitations, .int(), "Citations of the model's that could not be found."),
        example: Grounding(
            way: .written, stance: .answered, head: nil, isRefusal: false, answerability: nil, sentences: [], droppedCitations: 0))
}

extension SentenceCheck {
    static let schema: Schema<SentenceCheck> = .object(
        "SentenceCheck", "A sentence of an answer, and whether the documents support it.",
        .field("from", \.from, .int(), "Unicode scalars of the answer, half-open."),
        .field("to", \.to, .int()),
        .field("verdict", \.verdict, .enumeration()),
        .field("support", \.support, .double(), "0 to 1."),
        example: SentenceCheck(from: 0, to: 18, verdict: .supported, support: 1))
}

extension TokenUsage {
    static let schema: Schema<TokenUsage> = .object(
        "TokenUsage", "Tokens a model read and wrote.",
        .field("prompt_tokens", \.promptTokens, .int()),
        .field("completion_tokens", \.completionTokens, .int()),
        .field("estimated", { @Sendable in $0.isEstimate ?? false }, .bool(), "Counted here, since the model did not tell."),
        example: TokenUsage(promptTokens: 412, completionTokens: 14))
}

extension AnswerFailure {
    static let schema: Schema<AnswerFailure> = .object(
        "AnswerFailure", "Why an answer broke off.",
        .field("code", \.code, .string()),
        .field("message", \.message, .string()),
        example: AnswerFailure(code: "model.unreachable", message: "The language model cannot be reached."))
}
