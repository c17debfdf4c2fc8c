import Accounts
import Conversations
import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

/// Runs over question sets over HTTP.
public struct RunEndpoints: Sendable {
    private static let path = QuestionSetEndpoints.set + "/runs"
    private static let run = path + "/{run}"

    private let service: RunService

    public init(service: RunService) { self.service = service }

    public var endpoints: [Endpoint] { kept + [cancel, results, compare] }

    private var version: ResourceVersion {
        .row(in: service.database) { RunStore.version(of: try $0.id("run"), in: try $0.id("project")) }
    }

    private var kept: [Endpoint] {
        [
            .project(
                .evaluationsUse, .get, path: Self.path, id: "runs.list", tag: .evaluation, summary: "List runs",
                output: .page(of: EvaluationRun.schema, RunStore.list.shape), errors: [.questionSetNotFound]
            ) { request, scope in
                .page(try await service.runs(request.list(), of: request.id("set"), scope))
            },
            .project(
                .evaluationsUse, .post, path: Self.path, id: "runs.create", tag: .evaluation, summary: "Run a question set",
                description: """
                    Puts each question through the search, and with `answers` through the language model, in the background. `settings` changes \
                    the project's settings for this run alone, so that two settings can be compared before either is used. It counts as a request \
                    for each question.
                    """,
                input: NewRun.schema, output: EvaluationRun.schema, status: 202, errors: [.questionSetNotFound, .runEmpty], rate: .question
            ) { request, scope, input in
                let set: QuestionSetID = try request.id("set")
                try await request.count(as: service.size(of: set, scope))
                let run = try await service.start(input.name, over: set, answers: input.answers, depth: input.depth, scope) {
                    input.settings?.apply(to: &$0)
                }
                return .accepted(run, location: "/v1/projects/\(scope.project)/question-sets/\(set)/runs/\(run.id)")
            }.countedByContent(),
            .project(
                .evaluationsUse, .get, path: Self.run, id: "runs.get", tag: .evaluation, summary: "Read a run",
                output: EvaluationRun.schema, errors: [.questionSetNotFound, .runNotFound]
            ) { request, scope in
                .ok(try await service.run(request.id("run"), of: request.id("set"), scope))
            }.versioned(version),
            .project(
                .evaluationsUse, .delete, path: Self.run, id: "runs.delete", tag: .evaluation, summary: "Delete a run",
                description: "Its results go with it. Not while it runs, nor while the project's gate rests on it.", output: .nothing(),
                errors: [.questionSetNotFound, .runNotFound, .runActive, .gateRequired]
            ) { request, scope in
                try await service.delete(request.id("run"), of: request.id("set"), scope)
                return .noContent
            }.versioned(version),
        ]
    }

    private var cancel: Endpoint {
        .project(
            .evaluationsUse, .post, path: Self.run + "/cancel", id: "runs.cancel", tag: .evaluation, summary: "Stop a run",
            description: "Results that are there stay.", output: EvaluationRun.schema, status: 202,
            errors: [.questionSetNotFound, .runNotFound]
        ) { request, scope in
            let run = try await service.cancel(request.id("run"), of: request.id("set"), scope)
            return .accepted(run, location: "/v1/projects/\(scope.project)/question-sets/\(run.set)/runs/\(run.id)")
        }
    }

    private var results: Endpoint {
        .project(
            .evaluationsUse, .get, path: Self.run + "/results", id: "runs.results", tag: .evaluation,
            summary: "Read what came of each question", description: "In the set's order, as far as the run is.",
            output: .page(of: QuestionResult.schema, RunStore.resultList.shape), errors: [.questionSetNotFound, .runNotFound]
        ) { request, scope in
            .page(try await service.results(request.list(), of: request.id("run"), of: request.id("set"), scope))
        }
    }

    private var compare: Endpoint {
        .project(
            .evaluationsUse, .get, path: Self.run + "/compare", id: "runs.compare", tag: .evaluation, summary: "Compare two runs",
            description: """
                The run against another over the same set, over the questions that both have: a paired randomisation test (Fisher; Smucker, \
                Allan and Carterette 2007) with 10,000 swaps, the 95 % interval of 10,000 bootstrap resamplings, and the questions that changed. \
                The same figures each time.
                """,
            query: [.id("with", "The run to measure against.", RunKind.self, isRequired: true)], output: RunComparison.schema,
            errors: [.questionSetNotFound, .runNotFound, .runNotComplete, .runOfAnotherSet]
        ) { request, scope in
            guard let other = try request.query("with", as: RunID.self) else { throw RunService.unknown }
            return .ok(try await service.compare(request.id("run"), with: other, of: request.id("set"), scope))
        }
    }
}
