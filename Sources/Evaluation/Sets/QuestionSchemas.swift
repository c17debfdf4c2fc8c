import ParleyCore
import ParleyHTTP

private let moment = Timestamp(milliseconds: 1_790_000_000_000)

extension QuestionSet {
    static let schema: Schema<QuestionSet> = .object(
        "QuestionSet", "Questions of which it is known where their answers stand.",
        .field("id", \.id, .id()),
        .field("project_id", \.project, .id()),
        .field("name", \.name, .string()),
        .field("description", \.description, .string()),
        .field("takes_feedback", \.takesFeedback, .bool(), "Whether feedback on answers lands here."),
        .field("questions", \.questions, .int(), "How many it holds."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        example: QuestionSet(
            id: QuestionSetID(at: moment), project: ProjectID(at: moment), name: "Office", description: "", takesFeedback: false,
            questions: 24, createdAt: moment, updatedAt: moment))
}

/// The body that makes a set.
struct NewQuestionSet: Sendable {
    let name: String
    let description: String

    static let schema: Schema<NewQuestionSet> = .object(
        "NewQuestionSet", "A question set to be.",
        .field("name", \.name, .name(QuestionSet.nameLength), "Unique in the project."),
        .field("description", \.description, .defaulted(.string(0...2000), to: "")),
        example: NewQuestionSet(name: "Office", description: "What new colleagues ask.")
    ) { NewQuestionSet(name: $0, description: $1) }
}

/// The body that changes a set.
struct QuestionSetChange: Sendable {
    let name: String?
    let description: String?

    static let schema: Schema<QuestionSetChange> = .object(
        "QuestionSetChange", "Fields to change; those left out stay.",
        .field("name", \.name, .change(.name(QuestionSet.nameLength))),
        .field("description", \.description, .change(.string(0...2000))),
        example: QuestionSetChange(name: nil, description: "What new colleagues ask.")
    ) { QuestionSetChange(name: $0, description: $1) }
}

extension ExpectedPlace {
    static let schema: Schema<ExpectedPlace> = .object(
        "ExpectedPlace", "A place where the answer stands.",
        .field("document", \.document, .string(1...500), "The document's name, with or without its ending."),
        .field("gain", \.gain, .defaulted(.int(0...100), to: 1), "How good an answer it is; relevant from 1 on."),
        .field("quote", \.quote, .optional(.string(1...4000)), "The document's own words; null when all of it counts."),
        .field("page", \.page, .optional(.int(1...1_000_000))),
        example: ExpectedPlace(document: "handbook.pdf", quote: "open from nine to five", page: 3)
    ) { ExpectedPlace(document: $0, gain: $1, quote: $2, page: $3) }

    static let list: Schema<[ExpectedPlace]> = .array(schema, 0...1000)
}

private let tagList: Schema<[String]> = .array(.string(1...100), 0...20)

extension SetQuestion {
    static let schema: Schema<SetQuestion> = .object(
        "SetQuestion", "A question whose answer is known.",
        .field("id", \.id, .id()),
        .field("set_id", \.set, .id()),
        .field("key", \.key, .optional(.string()), "Its name in the file it came from."),
        .field("question", \.question, .string()),
        .field("answerable", \.isAnswerable, .optional(.bool()), "Null while nobody has said: then it is not scored."),
        .field("expected", \.expected, ExpectedPlace.list, "Where the answer stands; places with the same quote are alternatives."),
        .field("expected_answer", \.answer, .optional(.string()), "What a good answer says, for people."),
        .field("tags", \.tags, .array(.string())),
        .field("source", \.source, .enumeration()),
        .field("message_id", \.message, .optional(.id()), "The answer it was saved from."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        example: SetQuestion(
            id: SetQuestionID(at: moment), set: QuestionSetID(at: moment), key: "q1", question: "When is the office open?",
            isAnswerable: true, expected: [ExpectedPlace(document: "handbook.pdf", quote: "open from nine to five", page: 3)], answer: nil,
            tags: [], source: .file, message: nil, createdAt: moment, updatedAt: moment))
}

extension QuestionDraft {
    static let schema: Schema<QuestionDraft> = .object(
        "NewSetQuestion", "A question to be.",
        .field("key", \.key, .optional(.string(1...200)), "Your own name for it, unique in the set."),
        .field("question", \.question, .string(1...20_000)),
        .field(
            "answerable", \.isAnswerable, .optional(.bool()),
            "Whether the documents hold the answer; true when left out and places are expected."),
        .field("expected", \.expected, .defaulted(ExpectedPlace.list, to: [])),
        .field("expected_answer", \.answer, .optional(.string(1...20_000))),
        .field("tags", \.tags, .defaulted(tagList, to: [])),
        example: QuestionDraft(
            question: "When is the office open?", expected: [ExpectedPlace(document: "handbook.pdf", quote: "open from nine to five")])
    ) {
        QuestionDraft(key: $0, question: $1, isAnswerable: $2, expected: $3, answer: $4, tags: $5)
    }
}

/// The body that changes a question.
struct SetQuestionChange: Sendable {
    let key: Change<String?>
    let question: Change<String>
    let isAnswerable: Change<Bool?>
    let expected: Change<[ExpectedPlace]>
    let answer: Change<String?>
    let tags: Change<[String]>

    func apply(to target: inout SetQuestion) {
        target.key = key.applied(to: target.key)
        target.question = question.applied(to: target.question)
        target.isAnswerable = isAnswerable.applied(to: target.isAnswerable)
        target.expected = expected.applied(to: target.expected)
        target.answer = answer.applied(to: target.answer)
        target.tags = tags.applied(to: target.tags)
    }

    static let schema: Schema<SetQuestionChange> = .object(
        "SetQuestionChange", "Fields to change; those left out stay.",
        .field("key", \.key, .change(.optional(.string(1...200)))),
        .field("question", \.question, .change(.string(1...20_000))),
        .field("answerable", \.isAnswerable, .change(.optional(.bool()))),
        .field("expected", \.expected, .change(ExpectedPlace.list)),
        .field("expected_answer", \.answer, .change(.optional(.string(1...20_000)))),
        .field("tags", \.tags, .change(tagList)),
        example: SetQuestionChange(
            key: .set("hours"), question: .set("When is the office open?"), isAnswerable: .set(true),
            expected: .set([ExpectedPlace(document: "handbook.pdf", quote: "open from nine to five", page: 3)]),
            answer: .set("From nine to five."), tags: .set(["rules"]))
    ) {
        SetQuestionChange(key: $0, question: $1, isAnswerable: $2, expected: $3, answer: $4, tags: $5)
    }
}

extension ImportReport {
    static let schema: Schema<ImportReport> = .object(
        "QuestionImport", "What became of a file's questions.",
        .field("added", \.added, .int()),
        .field("changed", \.changed, .int(), "Questions that were there by their keys."),
        .field("unknown", \.unknown, .int(), "Judgements of questions that the set does not have."),
        example: ImportReport(added: 24, changed: 0, unknown: 0))
}

/// The body that saves a question of a thread.
struct SavedQuestion: Sendable {
    let set: QuestionSetID?
    let expectsCited: Bool
    let answerable: Bool?
    let tags: [String]

    static let schema: Schema<SavedQuestion> = .object(
        "SavedQuestion", "Where a question of a thread is saved to.",
        .field("set_id", \.set, .optional(.id()), "The set that takes feedback when left out."),
        .field(
            "expect_cited", \.expectsCited, .defaulted(.bool(), to: false),
            "Whether the places that the answer cites are the expected ones."),
        .field("answerable", \.answerable, .optional(.bool())),
        .field("tags", \.tags, .defaulted(tagList, to: [])),
        example: SavedQuestion(set: nil, expectsCited: true, answerable: nil, tags: [])
    ) { SavedQuestion(set: $0, expectsCited: $1, answerable: $2, tags: $3) }
}
