import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

/// "Explain this answer" over HTTP.
public struct ExplainEndpoints: Sendable {
    private let service: ConversationService

    public init(service: ConversationService) { self.service = service }

    public var endpoints: [Endpoint] {
        [
            .project(
                .threadsUse, .get, path: "/v1/projects/{project}/threads/{thread}/messages/{message}/trace", id: "messages.trace",
                tag: .threads, summary: "Explain an answer",
                description: """
                    How the answer came about: the question as it was searched for, every candidate with its ranks and what became of it, the \
                    prompt word for word, tokens, and the time of each stage. There is a trace once the answer is over.
                    """,
                output: AnswerTrace.schema, errors: [.threadNotFound, .messageNotFound, .traceNotFound]
            ) { request, scope in
                .ok(try await service.trace(of: request.id("message"), in: request.id("thread"), scope))
            }
        ]
    }
}

extension ConversationService {
    /// - Throws: `thread.not_found`, `message.not_found`, `message.no_trace`.
    func trace(of id: MessageID, in thread: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> AnswerTrace {
        _ = try await message(id, of: thread, scope)
        guard let trace = try await database.read({ try AnswerTraceStore().trace(of: id, in: $0) }) else {
            throw ParleyError(.traceNotFound, "There is no trace of this message: it is a question, or its answer is not over yet.")
        }
        return trace
    }
}
