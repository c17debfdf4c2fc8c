import Accounts
import Conversations
import Library
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let feedback = Self("Feedback", "What people say of answers, and where the right ones stand.")
}

/// Feedback over HTTP.
public struct FeedbackEndpoints: Sendable {
    private static let own = "/v1/projects/{project}/threads/{thread}/messages/{message}/feedback"
    private static let all = "/v1/projects/{project}/feedback"
    private static let errors: [ErrorCode] = [.threadNotFound, .messageNotFound]

    private let service: FeedbackService

    public init(service: FeedbackService) { self.service = service }

    public var endpoints: [Endpoint] { own + all }

    private var ownVersion: ResourceVersion {
        .row(in: service.database) {
            FeedbackStore.version(on: try $0.id("message"), in: try $0.id("thread"), of: try $0.id("project"))
        }
    }

    private var own: [Endpoint] {
        [
            .project(
                .threadsUse, .get, path: "/v1/projects/{project}/threads/{thread}/feedback", id: "feedback.list_own", tag: .feedback,
                summary: "List what you said in a thread",
                output: .page(of: Feedback.schema, FeedbackStore.list.shape), errors: [.threadNotFound]
            ) { request, scope in
                .page(try await service.own(request.list(), in: request.id("thread"), scope))
            },
            .project(
                .threadsUse, .get, path: Self.own, id: "feedback.get_own", tag: .feedback, summary: "Read what you said of an answer",
                output: Feedback.schema, errors: Self.errors + [.feedbackNotFound]
            ) { request, scope in
                .ok(try await service.feedback(on: request.id("message"), of: request.id("thread"), scope))
            }.versioned(ownVersion),
            .project(
                .threadsUse, .put, path: Self.own, id: "feedback.set", tag: .feedback, summary: "Say what you think of an answer",
                description: """
                    In place of what you said before. With a corrected passage, or thumbs down and a reason, the question lands in the project's \
                    feedback set, where editors and owners see it with what you write here.
                    """,
                input: FeedbackService.Draft.schema, output: Feedback.schema,
                errors: Self.errors + [.documentNotFound, .documentNotReady, .questionSetFull]
            ) { request, scope, input in
                .ok(try await service.put(input, on: request.id("message"), of: request.id("thread"), scope))
            }.versioned(ownVersion),
            .project(
                .threadsUse, .delete, path: Self.own, id: "feedback.delete", tag: .feedback, summary: "Take feedback back",
                description: "The question that it became goes with it.", output: .nothing(), errors: Self.errors + [.feedbackNotFound]
            ) { request, scope in
                try await service.delete(on: request.id("message"), of: request.id("thread"), scope)
                return .noContent
            }.versioned(ownVersion),
        ]
    }

    private var all: [Endpoint] {
        [
            .project(
                .evaluationsUse, .get, path: Self.all, id: "feedback.list", tag: .feedback, summary: "List everybody's feedback",
                output: .page(of: Feedback.schema, FeedbackStore.list.shape)
            ) { request, scope in
                .page(try await service.all(request.list(), scope))
            },
            .project(
                .evaluationsUse, .get, path: Self.all + "/{feedback}", id: "feedback.get", tag: .feedback, summary: "Read feedback",
                output: Feedback.schema, errors: [.feedbackNotFound]
            ) { request, scope in
                .ok(try await service.feedback(request.id("feedback"), scope))
            }.versioned(.row(in: service.database) { FeedbackStore.version(of: try $0.id("feedback"), in: try $0.id("project")) }),
        ]
    }
}

extension FeedbackService.PassageDraft {
    static let schema: Schema<FeedbackService.PassageDraft> = .object(
        "NewCorrectedPassage", "Where the right answer stands: by its words, or by its span.",
        .field("document_id", \.document, .id()),
        .field("quote", \.quote, .optional(.string(1...4000)), "Words of the document."),
        .field("from", \.from, .optional(.int(0...Int(Int32.max))), "Unicode scalars into the current parsed text."),
        .field("to", \.to, .optional(.int(0...Int(Int32.max)))),
        example: FeedbackService.PassageDraft(
            document: DocumentID(at: Timestamp(milliseconds: 1_790_000_000_000)), quote: "open from nine to five", from: nil, to: nil)
    ) { FeedbackService.PassageDraft(document: $0, quote: $1, from: $2, to: $3) }
}

extension FeedbackService.Draft {
    static let schema: Schema<FeedbackService.Draft> = .object(
        "NewFeedback", "What you think of an answer.",
        .field("rating", \.rating, .enumeration()),
        .field("reason", \.reason, .optional(.enumeration())),
        .field("comment", \.comment, .defaulted(.string(0...4000), to: "")),
        .field("passage", \.passage, .optional(FeedbackService.PassageDraft.schema), "Where the right answer stands."),
        example: FeedbackService.Draft(rating: .down, reason: .incomplete, comment: "Saturdays are missing.", passage: nil)
    ) { FeedbackService.Draft(rating: $0, reason: $1, comment: $2, passage: $3) }
}

extension CorrectedPassage {
    static let schema: Schema<CorrectedPassage> = .object(
        "CorrectedPassage", "Where the right answer stands.",
        .field("document_id", \.document, .id()),
        .field("document_name", \.name, .string()),
        .field("quote", \.quote, .string()),
        .field("page", \.page, .optional(.int())),
        .field("from", \.from, .int()),
        .field("to", \.to, .int()),
        example: CorrectedPassage(
            document: DocumentID(at: Timestamp(milliseconds: 1_790_000_000_000)), name: "handbook.pdf", quote: "open from nine to five",
            page: 3, from: 1214, to: 1236))
}

extension Feedback {
    static let schema: Schema<Feedback> = .object(
        "Feedback", "What a person says of an answer.",
        .field("id", \.id, .id()),
        .field("project_id", \.project, .id()),
        .field("thread_id", \.thread, .id()),
        .field("message_id", \.message, .id()),
        .field("user_id", \.user, .id()),
        .field("rating", \.rating, .enumeration()),
        .field("reason", \.reason, .optional(.enumeration())),
        .field("comment", \.comment, .string()),
        .field("passage", \.passage, .optional(CorrectedPassage.schema)),
        .field("question_id", \.question, .optional(.id()), "The question of the feedback set that it became."),
        .field("created_at", \.createdAt, .timestamp()),
        .field("updated_at", \.updatedAt, .timestamp()),
        example: example)

    private static let example: Feedback = {
        let moment = Timestamp(milliseconds: 1_790_000_000_000)
        return Feedback(
            id: FeedbackID(at: moment), project: ProjectID(at: moment), thread: ThreadID(at: moment), message: MessageID(at: moment),
            user: UserID(at: moment), rating: .down, reason: .incomplete, comment: "Saturdays are missing.", createdAt: moment,
            updatedAt: moment)
    }()
}
