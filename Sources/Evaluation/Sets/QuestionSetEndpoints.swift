import Accounts
import Conversations
import Library
import NIOCore
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let evaluation = Self(
        "Evaluation", "Question sets, runs over them, two runs side by side, and the gate that a change of settings must pass.")
}

/// Question sets over HTTP.
public struct QuestionSetEndpoints: Sendable {
    static let path = "/v1/projects/{project}/question-sets"
    static let set = path + "/{set}"
    private static let questions = set + "/questions"

    private let service: QuestionSetService

    public init(service: QuestionSetService) { self.service = service }

    public var endpoints: [Endpoint] { sets + questions + [upload, save] }

    private var setVersion: ResourceVersion {
        .row(in: service.database) { QuestionSetStore.version(of: try $0.id("set"), in: try $0.id("project")) }
    }
    private var questionVersion: ResourceVersion {
        .row(in: service.database) {
            QuestionStore.version(of: try $0.id("question"), in: try $0.id("set"), of: try $0.id("project"))
        }
    }

    private var sets: [Endpoint] {
        [
            .project(
                .evaluationsUse, .get, path: Self.path, id: "questionSets.list", tag: .evaluation, summary: "List question sets",
                output: .page(of: QuestionSet.schema, QuestionSetStore.list.shape)
            ) { request, scope in
                .page(try await service.sets(request.list(), scope))
            },
            .project(
                .evaluationsUse, .post, path: Self.path, id: "questionSets.create", tag: .evaluation, summary: "Make a question set",
                input: NewQuestionSet.schema, output: QuestionSet.schema, status: 201, errors: [.questionSetTaken]
            ) { _, scope, input in
                let set = try await service.add(name: input.name, description: input.description, scope)
                return .created(set, location: "/v1/projects/\(scope.project)/question-sets/\(set.id)")
            },
            .project(
                .evaluationsUse, .get, path: Self.set, id: "questionSets.get", tag: .evaluation, summary: "Read a question set",
                output: QuestionSet.schema, errors: [.questionSetNotFound]
            ) { request, scope in
                .ok(try await service.set(request.id("set"), scope))
            }.versioned(setVersion),
            .project(
                .evaluationsUse, .patch, path: Self.set, id: "questionSets.update", tag: .evaluation, summary: "Rename a question set",
                input: QuestionSetChange.schema, output: QuestionSet.schema, errors: [.questionSetNotFound, .questionSetTaken]
            ) { request, scope, input in
                .ok(try await service.change(request.id("set"), name: input.name, description: input.description, scope))
            }.versioned(setVersion),
            .project(
                .evaluationsUse, .delete, path: Self.set, id: "questionSets.delete", tag: .evaluation, summary: "Delete a question set",
                description: "Its questions and runs go with it. Not while the project's gate rests on it.", output: .nothing(),
                errors: [.questionSetNotFound, .gateRequired]
            ) { request, scope in
                try await service.delete(request.id("set"), scope)
                return .noContent
            }.versioned(setVersion),
        ]
    }

    private var questions: [Endpoint] {
        [
            .project(
                .evaluationsUse, .get, path: Self.questions, id: "setQuestions.list", tag: .evaluation, summary: "List a set's questions",
                output: .page(of: SetQuestion.schema, QuestionStore.list.shape), errors: [.questionSetNotFound]
            ) { request, scope in
                .page(try await service.questions(request.list(), of: request.id("set"), scope))
            },
            .project(
                .evaluationsUse, .post, path: Self.questions, id: "setQuestions.create", tag: .evaluation, summary: "Add a question",
                input: QuestionDraft.schema, output: SetQuestion.schema, status: 201, errors: [.questionSetNotFound, .questionSetFull]
            ) { request, scope, input in
                Self.created(try await service.add(input, to: request.id("set"), scope), scope)
            },
            .project(
                .evaluationsUse, .get, path: Self.questions + "/{question}", id: "setQuestions.get", tag: .evaluation,
                summary: "Read a question", output: SetQuestion.schema, errors: [.questionSetNotFound, .questionNotFound]
            ) { request, scope in
                .ok(try await service.question(request.id("question"), of: request.id("set"), scope))
            }.versioned(questionVersion),
            .project(
                .evaluationsUse, .patch, path: Self.questions + "/{question}", id: "setQuestions.update", tag: .evaluation,
                summary: "Change a question", input: SetQuestionChange.schema, output: SetQuestion.schema,
                errors: [.questionSetNotFound, .questionNotFound]
            ) { request, scope, input in
                .ok(try await service.change(request.id("question"), of: request.id("set"), scope) { input.apply(to: &$0) })
            }.versioned(questionVersion),
            .project(
                .evaluationsUse, .delete, path: Self.questions + "/{question}", id: "setQuestions.delete", tag: .evaluation,
                summary: "Delete a question", description: "Results of runs that had it stay.", output: .nothing(),
                errors: [.questionSetNotFound, .questionNotFound]
            ) { request, scope in
                try await service.delete(request.id("question"), of: request.id("set"), scope)
                return .noContent
            }.versioned(questionVersion),
        ]
    }

    private var upload: Endpoint {
        .project(
            .evaluationsUse, .post, path: Self.set + "/import", id: "questionSets.import", tag: .evaluation,
            summary: "Add questions from a file",
            description: """
                The raw body: JSON lines (`question`, `id`, `expected`, or `documents` and `answer`), CSV with a head line, or judgements in \
                BEIR's or TREC's form (tabs) for questions that are there by their keys. A question whose key the set has takes its place. All \
                or nothing.
                """,
            accepts: [.anything], output: ImportReport.schema,
            errors: [.questionSetNotFound, .questionSetFull, .questionFileInvalid, .uploadTooLarge], rate: .upload
        ) { request, scope in
            let set = try await service.set(request.id("set"), scope).id
            var bytes: [UInt8] = []
            for try await buffer in request.body {
                bytes += buffer.readableBytesView
                guard bytes.count <= Self.fileLimit else { throw ParleyError(.uploadTooLarge, "A file of questions may have 16 MB.") }
            }
            let file = try await onWorkerThread(from: bytes.count) { [bytes] in try QuestionImport(bytes) }
            return .ok(try await service.add(file, to: set, scope))
        }
    }

    private static let fileLimit = 16 << 20

    private var save: Endpoint {
        .project(
            .evaluationsUse, .post, path: "/v1/projects/{project}/threads/{thread}/messages/{message}/save-question",
            id: "messages.save_question", tag: .evaluation, summary: "Save a question to a set",
            description: "The question that the message is, or answers. Others who may see the project's question sets see it then.",
            input: SavedQuestion.schema, output: SetQuestion.schema, status: 201,
            errors: [.threadNotFound, .messageNotFound, .questionSetNotFound, .questionSetFull]
        ) { request, scope, input in
            let question = try await service.save(
                request.id("message"), of: request.id("thread"), to: input.set, expectsCited: input.expectsCited,
                answerable: input.answerable, tags: input.tags, scope)
            return Self.created(question, scope)
        }
    }

    private static func created(_ question: SetQuestion, _ scope: ProjectScope<EvaluationsUse>) -> Reply<SetQuestion> {
        .created(question, location: "/v1/projects/\(scope.project)/question-sets/\(question.set)/questions/\(question.id)")
    }
}
