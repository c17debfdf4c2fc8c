import ParleyAuthority
import ParleyCore
public import ParleyHTTP

/// Other branches of a thread over HTTP.
public struct BranchEndpoints: Sendable {
    private static let message = "/v1/projects/{project}/threads/{thread}/messages/{message}"
    private static let errors: [ErrorCode] = [.threadNotFound, .messageNotFound, .tokensUsedUp, .answersOverloaded]

    private let service: ConversationService

    public init(service: ConversationService) { self.service = service }

    public var endpoints: [Endpoint] { [regenerate, edit, goOn] }

    private var regenerate: Endpoint {
        .project(
            .threadsUse, .post, path: Self.message + "/regenerate", id: "messages.regenerate", tag: .threads, summary: "Answer once more",
            description: "Makes another answer beside those that the question has. The message may be the question or one of its answers.",
            input: BranchOptions.schema, output: Exchange.schema, status: 202, errors: Self.errors, rate: .question
        ) { request, scope, input in
            Self.accepted(
                try await service.regenerate(request.id("message"), options: input.options, of: request.id("thread"), scope), scope)
        }
    }

    private var edit: Endpoint {
        .project(
            .threadsUse, .post, path: Self.message + "/edit", id: "messages.edit", tag: .threads, summary: "Ask in other words",
            description: "Puts the new words beside the question, as another branch at the same place, and has them answered.",
            input: EditedQuestion.schema, output: Exchange.schema, status: 202, errors: Self.errors, rate: .question
        ) { request, scope, input in
            let exchange = try await service.edit(
                request.id("message"), to: input.content, options: input.options, of: request.id("thread"), scope)
            return Self.accepted(exchange, scope)
        }
    }

    private var goOn: Endpoint {
        .project(
            .threadsUse, .post, path: Self.message + "/continue", id: "messages.continue", tag: .threads, summary: "Go on with an answer",
            description:
                "For an answer that broke off, was stopped, or was cut short. The new answer begins with the words that are there.",
            input: BranchOptions.schema, output: Exchange.schema, status: 202, errors: Self.errors + [.messageNotContinuable],
            rate: .question
        ) { request, scope, input in
            Self.accepted(
                try await service.goOn(with: request.id("message"), options: input.options, of: request.id("thread"), scope), scope)
        }
    }

    private static func accepted(_ exchange: Exchange, _ scope: ProjectScope<ThreadsUse>) -> Reply<Exchange> {
        let answer = exchange.answer
        return .accepted(exchange, location: "/v1/projects/\(scope.project)/threads/\(answer.thread)/messages/\(answer.id)")
    }
}

/// The body that asks for another answer.
struct BranchOptions: Sendable {
    let model: String?

    var options: AnswerOptions {
        var options = AnswerOptions()
        options.model = model
        return options
    }

    static let schema: Schema<BranchOptions> = .object(
        "BranchOptions", "How another answer is to be made.",
        .field("model", \.model, .optional(.string(1...200)), "One of the installation's models; the project's when left out."),
        example: BranchOptions(model: nil)
    ) { BranchOptions(model: $0) }
}

/// The body that asks a question in other words.
struct EditedQuestion: Sendable {
    let content: String
    let model: String?

    var options: AnswerOptions { BranchOptions(model: model).options }

    static let schema: Schema<EditedQuestion> = .object(
        "EditedQuestion", "A question in other words.",
        .field("content", \.content, .string(1...20_000)),
        .field("model", \.model, .optional(.string(1...200)), "One of the installation's models; the project's when left out."),
        example: EditedQuestion(content: "When does the office open?", model: nil)
    ) { EditedQuestion(content: $0, model: $1) }
}
