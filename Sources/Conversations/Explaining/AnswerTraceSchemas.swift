import ParleyCore
import ParleyHTTP
import Retrieval

private let moment = Timestamp(milliseconds: 1_790_000_000_000)

extension AnswerTrace {
    static let example: AnswerTrace = {
        var trace = AnswerTrace()
        trace.question = "And on Saturdays?"
        trace.standalone = "When is the office open? And on Saturdays?"
        trace.rewrittenBy = "words"
        trace.model = "SmolLM2-135M-Instruct"
        trace.prompt = [PromptMessage(role: "user", content: "Read this text …")]
        (trace.promptBudget, trace.promptPassages) = (1100, [1])
        trace.usage = TokenUsage(promptTokens: 412, completionTokens: 14)
        trace.stages = [SearchTrace.Stage("search", .milliseconds(4)), SearchTrace.Stage("generate", .milliseconds(820))]
        return trace
    }()

    static let schema: Schema<AnswerTrace> = .object(
        "AnswerTrace", "How an answer came about.",
        .field("question", \.question, .string(), "As it was asked."),
        .field("standalone_question", \.standalone, .optional(.string()), "Made to stand alone, where it followed another."),
        .field("rewritten_by", \.rewrittenBy, .optional(.string()), "`model` or `words`."),
        .field("attempt", \.attempt, .int()),
        .field("search", \.search, .optional(SearchTrace.schema)),
        .field("answerability", \.answerability, .optional(Answerability.schema)),
        .field("refused", \.isRefusal, .bool()),
        .field("model", \.model, .optional(.string())),
        .field("prompt", \.prompt, .array(PromptMessage.schema), "What the model was given, word for word."),
        .field("reasoning", \.reasoning, .optional(.string()), "What the model thought before it answered, where it shows that."),
        .field("prompt_budget", \.promptBudget, .optional(.int()), "Tokens that the prompt might have had."),
        .field("prompt_passages", \.promptPassages, .array(.int()), "Indices of the passages that went into the prompt."),
        .field("turns", \.turns, .int(), "Earlier messages that went in whole."),
        .field("summarised_turns", \.summarisedTurns, .int(), "Earlier messages that went in as a summary."),
        .field("usage", \.usage, .optional(TokenUsage.schema)),
        .field("dropped_citations", \.droppedCitations, .int()),
        .field("notes", \.notes, .array(.string())),
        .field("stages", \.stages, .array(SearchTrace.Stage.schema), "In the order in which they ended."),
        example: example)
}

extension AnswerTrace.PromptMessage {
    static let schema: Schema<AnswerTrace.PromptMessage> = .object(
        "PromptMessage", "One message of the prompt.",
        .field("role", \.role, .string()),
        .field("content", \.content, .string()),
        example: AnswerTrace.PromptMessage(role: "user", content: "When is the office open?"))
}

extension SearchTrace {
    static let schema: Schema<SearchTrace> = .object(
        "SearchTrace", "What a search did.",
        .field("query", \.query, .string(), "What was matched by words."),
        .field("embedded", \.embedded, .optional(.string()), "What was embedded."),
        .field("mode", \.mode, .string()),
        .field("space_id", \.space, .optional(.id())),
        .field("candidates", \.candidates, .array(Candidate.schema), "In order of rank."),
        .field("stages", \.stages, .array(Stage.schema)),
        example: SearchTrace(
            query: "When is the office open?", embedded: "When is the office open?", mode: "hybrid", space: nil, candidates: [], stages: [])
    )
}

extension SearchTrace.Candidate {
    static let schema: Schema<SearchTrace.Candidate> = .object(
        "SearchCandidate", "A chunk that was ranked.",
        .field("chunk_id", \.chunk, .id()),
        .field("document_id", \.document, .optional(.id())),
        .field("document_name", \.documentName, .optional(.string())),
        .field("rank", \.rank, .int(), "After fusion, from 1."),
        .field("score", \.score, .double(), "Fused."),
        .field("lexical", \.lexical, .optional(Passage.Part.schema)),
        .field("vector", \.vector, .optional(Passage.Part.schema)),
        .field("dropped", \.dropped, .optional(.string()), "Why it is not among the passages; null when it is."),
        example: SearchTrace.Candidate(
            chunk: ChunkID(at: moment), document: DocumentID(at: moment), documentName: "handbook.pdf", rank: 7, score: 0.4,
            lexical: Passage.Part(score: 3.1, rank: 9), vector: nil, dropped: "ranked behind the passages asked for"))
}

extension SearchTrace.Stage {
    static let schema: Schema<SearchTrace.Stage> = .object(
        "Stage", "How long a part of the work took.",
        .field("name", \.name, .string()),
        .field("milliseconds", \.milliseconds, .double()),
        example: SearchTrace.Stage("rank", .milliseconds(1)))
}
