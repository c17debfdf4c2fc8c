import ParleyCore
public import ParleyHTTP

extension Passage {
    static let example: Passage = {
        let moment = Timestamp(milliseconds: 1_790_000_000_000)
        return Passage(
            index: 1, chunk: ChunkID(at: moment), document: DocumentID(at: moment), revision: RevisionID(at: moment),
            documentName: "handbook.pdf", mediaType: "application/pdf", text: "The office is open from nine to five.", from: 1200, to: 1237,
            firstPage: 3, lastPage: 3, headingPath: ["Daily life", "Office hours"], score: 0.91, lexical: Part(score: 7.2, rank: 1),
            vector: Part(score: 0.71, rank: 2))
    }()

    /// How a passage is written.
    public static let schema: Schema<Passage> = .object(
        "Passage", "A piece of a document that was found.",
        .field("index", \.index, .int(), "From 1, in order of rank."),
        .field("chunk_id", \.chunk, .id()),
        .field("document_id", \.document, .id()),
        .field("revision_id", \.revision, .id()),
        .field("document_name", \.documentName, .string()),
        .field("media_type", \.mediaType, .string()),
        .field("text", \.text, .string()),
        .field("table_header", \.tableHeader, .optional(.string()), "The first row of the table that the text goes on with."),
        .field("from", \.from, .int(), "Unicode scalars into the revision's parsed text."),
        .field("to", \.to, .int()),
        .field("first_page", \.firstPage, .optional(.int()), "Null when the format has no pages."),
        .field("last_page", \.lastPage, .optional(.int())),
        .field("heading_path", \.headingPath, .array(.string())),
        .field("score", \.score, .double(), "Fused; comparable within one search only."),
        .field("lexical", \.lexical, .optional(Part.schema)),
        .field("vector", \.vector, .optional(Part.schema)),
        example: example)
}

extension Passage.Part {
    /// How a score's part is written.
    public static let schema: Schema<Passage.Part> = .object(
        "ScorePart", "What one side of the search made of a passage.",
        .field("score", \.score, .double()),
        .field("rank", \.rank, .optional(.int()), "Null when the passage was not on that side's list."),
        example: Passage.Part(score: 7.2, rank: 1))
}

extension Answerability {
    /// How a judgement is written.
    public static let schema: Schema<Answerability> = .object(
        "Answerability", "Whether the passages found are likely to hold the answer.",
        .field("judge", \.judge, .enumeration(), "What tells it: how alike question and passages are, or a model that read them."),
        .field("answerable", \.isAnswerable, .bool()),
        .field("doubtful", \.isDoubtful, .bool(), "Whether an answer is given with a warning, if at all."),
        .field("probability", \.probability, .double(), "By the calibration of the embedding space, or of the reader."),
        .field("threshold", \.threshold, .double(), "Below it the documents are taken not to hold the answer."),
        .field("doubt", \.doubt, .double(), "Below it an answer is doubtful."),
        .field(
            "similarity", \.similarity, .optional(.double()),
            "The highest cosine of the question with a passage; null without embeddings."),
        .field(
            "coverage", \.coverage, .optional(.double()),
            "Share of the question's telling words in the passage that holds most of them, rare words counting more."),
        .field(
            "words", \.words, .optional(.int()),
            "Telling words of the question: the longer it is, the less of it one passage can hold."),
        example: Answerability(
            judge: .likeness, signals: AnswerSignals(similarity: 0.71, coverage: 1, words: 6), probability: 0.98, threshold: 0.35,
            doubt: 0.6))

    private var similarity: Double? { signals?.similarity }
    private var coverage: Double? { signals?.coverage }
    private var words: Int? { signals?.words }
}

extension Degradation {
    /// How a degradation is written.
    public static let schema: Schema<Degradation> = .object(
        "Degradation", "Something that was not working, and what was done instead.",
        .field("component", \.component, .string()),
        .field("message", \.message, .string()),
        .field("code", \.code, .optional(.string()), "The error's code, where one was the reason."),
        example: Degradation(component: "embedding", message: "The embedding model cannot be used: words were matched, not meaning."))
}
