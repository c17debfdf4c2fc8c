import ParleyAuthority
import ParleyCore
import ParleyDatabase
public import ParleyHTTP

extension EndpointTag {
    public static let threads = Self("Threads", "Conversations with a project's documents. A thread is its owner's alone.")
}

/// Threads and messages over HTTP.
public struct ThreadEndpoints: Sendable {
    private static let root = "/v1/projects/{project}/threads"
    private static let messages = root + "/{thread}/messages"

    private let service: ConversationService
    private let follower: AnswerFollower

    public init(service: ConversationService) {
        self.service = service
        follower = AnswerFollower(service)
    }

    public var endpoints: [Endpoint] { threads + talk + [follow, cancel] }

    private var threads: [Endpoint] {
        [
            .project(
                .threadsUse, .get, path: Self.root, id: "threads.list", tag: .threads, summary: "List your threads",
                output: .page(of: ChatThread.schema, ThreadStore.list.shape)
            ) { request, scope in
                .page(try await service.threads(request.list(), scope))
            },
            .project(
                .threadsUse, .post, path: Self.root, id: "threads.create", tag: .threads, summary: "Begin a thread",
                input: ThreadTitle.optional,
                output: ChatThread.schema, status: 201
            ) { _, scope, input in
                let thread = try await service.add(title: input.title, scope)
                return .created(thread, location: "/v1/projects/\(scope.project)/threads/\(thread.id)")
            },
            .project(
                .threadsUse, .get, path: Self.root + "/{thread}", id: "threads.get", tag: .threads, summary: "Read a thread",
                output: ChatThread.schema, errors: [.threadNotFound]
            ) { request, scope in
                .ok(try await service.thread(request.id("thread"), include: request.includes, scope))
            }.versioned(service.threadVersion),
            .project(
                .threadsUse, .patch, path: Self.root + "/{thread}", id: "threads.update", tag: .threads, summary: "Rename a thread",
                input: ThreadTitle.change, output: ChatThread.schema, errors: [.threadNotFound]
            ) { request, scope, input in
                .ok(try await service.rename(request.id("thread"), input.title, scope))
            }.versioned(service.threadVersion),
            .project(
                .threadsUse, .delete, path: Self.root + "/{thread}", id: "threads.delete", tag: .threads, summary: "Delete a thread",
                output: .nothing(), errors: [.threadNotFound]
            ) { request, scope in
                try await service.delete(request.id("thread"), scope)
                return .noContent
            }.versioned(service.threadVersion),
        ]
    }

    private var talk: [Endpoint] {
        [
            .project(
                .threadsUse, .get, path: Self.messages, id: "messages.list", tag: .threads, summary: "List a thread's messages",
                description: "In the order they were made.", output: .page(of: Message.schema, MessageStore.list.shape),
                errors: [.threadNotFound]
            ) { request, scope in
                .page(try await service.messages(request.list(), of: request.id("thread"), scope))
            },
            .project(
                .threadsUse, .post, path: Self.messages, id: "messages.create", tag: .threads, summary: "Ask",
                description: "The answer is made on the server, whoever listens. Follow its events, or read it when it is complete.",
                input: Question.schema, output: Exchange.schema, status: 202,
                errors: [.threadNotFound, .messageNotFound, .tokensUsedUp, .answersOverloaded],
                rate: .question
            ) { request, scope, input in
                let exchange = try await service.ask(
                    input.content, parent: input.parent, options: input.options, in: request.id("thread"), scope)
                let answer = exchange.answer
                return .accepted(exchange, location: "/v1/projects/\(scope.project)/threads/\(answer.thread)/messages/\(answer.id)")
            },
            .project(
                .threadsUse, .get, path: Self.messages + "/{message}", id: "messages.get", tag: .threads, summary: "Read a message",
                output: Message.schema, errors: [.threadNotFound, .messageNotFound]
            ) { request, scope in
                .ok(try await service.message(request.id("message"), of: request.id("thread"), scope))
            }.versioned(service.messageVersion),
        ]
    }

    private var follow: Endpoint {
        .project(
            .threadsUse, .get, path: Self.messages + "/{message}/events", id: "messages.follow", tag: .threads, summary: "Follow an answer",
            description: "Server-sent events from the first, or from the one after `Last-Event-ID`. Ends with `done` or `error`.",
            output: .events(
                EventShape("retrieval", "The passages found, before any text.", RetrievalNotice.schema),
                EventShape("text", "More of the answer.", TextDelta.schema),
                EventShape("citation", "A place in the answer that rests on a passage.", Citation.schema),
                EventShape("sentence", "Whether the documents support the sentence that just ended.", SentenceCheck.schema),
                EventShape("usage", "Tokens read and written.", TokenUsage.schema),
                EventShape("restarted", "Generation began again: what came before is void.", RestartNotice.schema),
                EventShape("done", "The answer has ended: it is complete, or was cancelled; its message says which.", DoneNotice.schema),
                EventShape("error", "The answer broke off.", AnswerFailure.schema)),
            errors: [.threadNotFound, .messageNotFound]
        ) { request, scope in
            let events = try await follower.follow(
                request.id("message"), of: request.id("thread"), after: request.lastEventID.flatMap { Int($0) } ?? 0, scope)
            return .events(events)
        }
    }

    private var cancel: Endpoint {
        .project(
            .threadsUse, .post, path: Self.messages + "/{message}/cancel", id: "messages.cancel", tag: .threads, summary: "Stop an answer",
            description: "What is there of it is kept.", output: Message.schema, status: 202, errors: [.threadNotFound, .messageNotFound]
        ) { request, scope in
            let message = try await service.cancel(request.id("message"), of: request.id("thread"), scope)
            return .accepted(message, location: "/v1/projects/\(scope.project)/threads/\(message.thread)/messages/\(message.id)")
        }
    }
}
