import Accounts
import ParleyAuthority
public import ParleyCore
public import ParleyHTTP
import ParleyInference

extension EndpointTag {
    public static let openAI = Self(
        "OpenAI", "A door for clients of OpenAI's protocol. A project is a model; an API key is the key; citations come as annotations.")
}

/// OpenAI's protocol over HTTP.
public struct OpenAIEndpoints: Sendable {
    static let root = "/openai/v1"
    let door: ForeignDoor

    public init(door: ForeignDoor) { self.door = door }

    public var endpoints: [Endpoint] { (models + [completions, embeddings] + responses).map { $0.speaking(.openAI) } }

    private var models: [Endpoint] {
        [
            .installation(
                .protocolsUse, .get, path: Self.root + "/models", id: "openai.models", tag: .openAI, summary: "List projects as models",
                output: .json()
            ) { _, caller in
                .ok(["object": "list", "data": .array(try await door.list(caller).map(Self.model))])
            },
            .installation(
                .protocolsUse, .get, path: Self.root + "/models/{model}", id: "openai.model", tag: .openAI,
                summary: "Read a project as a model",
                output: .json(), errors: [.projectModelNotFound]
            ) { request, caller in
                .ok(Self.model(try await project(request.parameter("model"), caller)))
            },
        ]
    }

    private var completions: Endpoint {
        .installation(
            .protocolsUse, .post, path: Self.root + "/chat/completions", id: "openai.chatCompletions", tag: .openAI,
            summary: "Ask, as a chat completion",
            description: """
                The last message is the question; those before it are the earlier turns; system messages tell how to answer. Citations \
                come as `url_citation` annotations with document, page and quote; `grounding` tells which sentences the documents \
                support, and those they do not are marked in the text. With `stream` the answer is server-sent events.
                """,
            input: ChatCompletionInput.schema, output: .json(), errors: [.projectModelNotFound, .tokensUsedUp, .answersOverloaded],
            rate: .question
        ) { request, caller, input in
            let conversation = try input.conversation()
            let asked = try await ask(
                input.model, conversation, input.sampling, extra: [], under: nil, isKept: input.isStored, caller)
            let output = ChatCompletionOutput(
                annotations: OpenAIAnnotations(base: door.base(request), project: asked.scope.project), model: input.model,
                answer: asked.answer.id, created: asked.answer.createdAt, includesUsage: input.includesUsage,
                isMarked: try await door.marks(asked.scope))
            if input.isStream {
                return .events(
                    try await door.encoded(asked.answer, ChatCompletionEncoder(output), isKept: input.isStored, asked.scope))
            }
            return .ok(output.completion(try await door.whole(asked.answer, isKept: input.isStored, asked.scope)))
        }
        .orEvents()
    }

    private var embeddings: Endpoint {
        .installation(
            .protocolsUse, .post, path: Self.root + "/embeddings", id: "openai.embeddings", tag: .openAI, summary: "Embed texts",
            description: "With the model that the documents were embedded with. Each text counts as a request.",
            input: EmbeddingsInput.schema, output: .json(),
            errors: [.projectModelNotFound], rate: .question
        ) { request, caller, input in
            let texts = try input.texts()
            try await request.count(as: texts.count)
            let identity = try await door.embedding.identity
            if input.model == identity.model {
                _ = try door.authorizer.scope(caller.principal, .modelsUse)
            } else {
                _ = try await door.scope(caller, .search, on: project(input.model, caller).id)
            }
            if let dimensions = input.dimensions, dimensions != identity.dimensions {
                throw ParleyError(
                    .invalidInput, "The embedding model gives \(identity.dimensions) dimensions.",
                    fields: [FieldError("/dimensions", "must be \(identity.dimensions)")])
            }
            let vectors = try await door.embedding.embed(texts, priority: .question)
            let tokens = texts.reduce(0) { $0 + door.embedding.tokenCount($1) }
            return .ok(EmbeddingsOutput(vectors, model: identity.model, tokens: tokens, isBase64: input.isBase64).json)
        }
        .countedByContent()
    }

    struct Asked: Sendable {
        let answer: Message
        let scope: ProjectScope<ThreadsUse>
    }

    /// Puts the question to the project that the model names, under an earlier answer when there is one.
    func ask(
        _ model: String, _ conversation: OpenAIConversation, _ sampling: OpenAISampling, extra instructions: [String],
        under previous: MessageID?, isKept: Bool, _ caller: Scope<ProtocolsUse>
    ) async throws -> Asked {
        let named = OpenAIField.model(model)
        let project = try await project(named.project, caller)
        let scope = try await door.scope(caller, .threadsUse, on: project.id)
        let options = try sampling.options(model: named.model, instructions: instructions + conversation.instructions)
        guard let previous else {
            let exchange = try await door.conversations.ask(
                conversation.question, after: conversation.turns, options: options, isKept: isKept, scope)
            return Asked(answer: exchange.answer, scope: scope)
        }
        guard let place = try await door.conversations.place(of: previous, caller), place.project == project.id else {
            throw ResponseOutput.unknown
        }
        let exchange = try await door.conversations.ask(
            conversation.question, parent: previous, options: options, in: place.thread, scope)
        return Asked(answer: exchange.answer, scope: scope)
    }

    /// - Throws: `openai.model_not_found`.
    func project(_ text: String, _ caller: Scope<ProtocolsUse>) async throws -> Project {
        guard let project = try await door.find(text, caller) else {
            throw ParleyError(
                .projectModelNotFound, "The model \(text) is no project of yours: GET \(Self.root)/models lists what there is.")
        }
        return project
    }

    private static func model(_ project: Project) -> JSONValue {
        [
            "id": .string(project.id.description), "object": "model", "created": .int(project.createdAt.milliseconds / 1000),
            "owned_by": "parley", "name": .string(project.name), "description": .string(project.description),
        ]
    }
}

extension ErrorCode {
    public static let projectModelNotFound = Self("openai.model_not_found", .notFound, "There is no such model")
    public static let responseNotFound = Self("response.not_found", .notFound, "There is no such response")
}
