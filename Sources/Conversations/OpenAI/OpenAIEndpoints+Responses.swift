import ParleyAuthority
import ParleyCore
import ParleyHTTP

extension OpenAIEndpoints {
    var responses: [Endpoint] { [create, read, cancel] }

    private var create: Endpoint {
        .installation(
            .protocolsUse, .post, path: Self.root + "/responses", id: "openai.responses", tag: .openAI, summary: "Ask, as a response",
            description: """
                Citations come as `file_citation` annotations with document, page and quote, and `grounding` beside them tells which \
                sentences the documents support; those they do not are marked in the text. `previous_response_id` goes on in the same \
                thread. With `stream` the answer is server-sent events; with `background` it is made meanwhile.
                """,
            input: ResponseInput.schema, output: .json(),
            errors: [.projectModelNotFound, .responseNotFound, .tokensUsedUp, .answersOverloaded], rate: .question
        ) { request, caller, input in
            let conversation = try input.conversation()
            let isKept = input.isStored || input.isBackground || input.previous != nil
            let asked = try await ask(
                input.model, conversation, input.sampling, extra: [input.instructions].compactMap { $0 }, under: input.previousAnswer(),
                isKept: isKept, caller)
            var output = try await output(asked, input.model, request)
            (output.instructions, output.previous) = (input.instructions, input.previous)
            (output.isStored, output.isBackground, output.metadata) = (isKept, input.isBackground, input.metadata)
            if input.isStream {
                return .events(try await door.encoded(asked.answer, ResponseEncoder(output), isKept: isKept, asked.scope))
            }
            if input.isBackground { return .ok(output.begun("queued")) }
            return .ok(output.response(try await door.whole(asked.answer, isKept: isKept, asked.scope)))
        }
        .orEvents()
    }

    private var read: Endpoint {
        .installation(
            .protocolsUse, .get, path: Self.root + "/responses/{response}", id: "openai.response", tag: .openAI, summary: "Read a response",
            query: [.list("include", "Passed over.")], output: .json(), errors: [.responseNotFound]
        ) { request, caller in
            let found = try await find(request, caller)
            let output = try await output(found, found.scope.project.description, request)
            return .ok(output.response(found.answer))
        }
    }

    private var cancel: Endpoint {
        .installation(
            .protocolsUse, .post, path: Self.root + "/responses/{response}/cancel", id: "openai.cancelResponse", tag: .openAI,
            summary: "Stop a response",
            output: .json(), errors: [.responseNotFound]
        ) { request, caller in
            let found = try await find(request, caller)
            _ = try await door.conversations.cancel(found.answer.id, of: found.answer.thread, found.scope)
            let answer = try await door.conversations.whole(found.answer, found.scope)
            return .ok(try await output(found, found.scope.project.description, request).response(answer))
        }
    }

    private func output(_ asked: Asked, _ model: String, _ request: EndpointRequest) async throws -> ResponseOutput {
        ResponseOutput(
            annotations: OpenAIAnnotations(base: door.base(request), project: asked.scope.project), model: model, answer: asked.answer.id,
            created: asked.answer.createdAt, isMarked: try await door.marks(asked.scope))
    }

    /// The stored answer that the path names.
    private func find(_ request: EndpointRequest, _ caller: Scope<ProtocolsUse>) async throws -> Asked {
        guard let id = ResponseOutput.message(of: try request.parameter("response")),
            let place = try await door.conversations.place(of: id, caller)
        else { throw ResponseOutput.unknown }
        let scope = try await door.scope(caller, .threadsUse, on: place.project)
        let answer = try await door.conversations.message(id, of: place.thread, scope)
        guard answer.role == .assistant else { throw ResponseOutput.unknown }
        return Asked(answer: answer, scope: scope)
    }
}
