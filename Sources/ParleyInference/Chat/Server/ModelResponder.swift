internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ParleyCore

/// Answers the requests of the model server: the OpenAI protocol, as far as one small model speaks it.
struct ModelResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// The longest body: far more than fits any context window.
    private static let bodyLimit = 4 << 20

    let model: LocalLanguageModel
    let bearer: Secret?
    let logger: Logger
    private let started = Timestamp(Date()).milliseconds / 1000

    init(_ model: LocalLanguageModel, bearer: Secret?, logger: Logger) {
        (self.model, self.bearer, self.logger) = (model, bearer, logger)
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        do {
            return try await route(request)
        } catch let error as OpenAIError {
            return refusal(error)
        } catch let error as ParleyError {
            if error.code.isFault { logger.error("An answer failed.", metadata: ["error": "\(error)"]) }
            return refusal(OpenAIError(error))
        } catch is CancellationError {
            return refusal(OpenAIError(status: 503, message: "The server is shutting down.", type: "server_error", code: "shutting_down"))
        }
    }

    private func route(_ request: Request) async throws -> Response {
        switch (request.uri.path, request.method) {
        case ("/health", .get): return json(["status": "ok", "waiting": .int(Int64(model.waiting))])
        case ("/v1/models", .get):
            try authorize(request)
            return json(["object": "list", "data": [modelObject]])
        case ("/v1/models/" + model.descriptor.name, .get):
            try authorize(request)
            return json(modelObject)
        case ("/v1/chat/completions", .post):
            try authorize(request)
            return try await complete(request)
        case ("/health", _), ("/v1/models", _), ("/v1/chat/completions", _):
            throw OpenAIError(status: 405, message: "The method \(request.method) is not allowed for \(request.uri.path).")
        default:
            throw OpenAIError(status: 404, message: "There is nothing at \(request.uri.path).", code: "unknown_url")
        }
    }

    private var modelObject: JSONValue {
        [
            "id": .string(model.descriptor.name), "object": "model", "created": .int(started), "owned_by": "parley",
            "context_window": .int(Int64(model.descriptor.contextWindow)),
        ]
    }

    private func authorize(_ request: Request) throws(OpenAIError) {
        guard let bearer else { return }
        let given = request.headers[.authorization] ?? ""
        guard Secret("Bearer " + bearer.revealed) == Secret(given) else {
            throw OpenAIError(
                status: 401, message: "The API key is missing or wrong; send it as \"Authorization: Bearer …\".", code: "invalid_api_key")
        }
    }

    private func complete(_ request: Request) async throws -> Response {
        // A web page of another origin can send a body of any type but this one without asking first.
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw OpenAIError(status: 415, message: "Send the body as Content-Type: application/json.")
        }
        // The collected body stays with the request: watching for the client's leaving reads it again, and traps on a spent one.
        var request = request
        let asked = try ChatCompletionRequest(try await body(&request), model: model.descriptor.name)
        let answer = try model.start(asked.chat)
        let reply = ChatCompletionReply(
            id: "chatcmpl-" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: ""), model: model.descriptor.name,
            created: Timestamp(Date()).milliseconds / 1000)
        if asked.isStream { return stream(answer, reply, request, includesUsage: asked.includesUsage) }
        return try await whole(answer, reply, request)
    }

    private func body(_ request: inout Request) async throws -> JSONValue {
        let bytes: ByteBuffer
        do { bytes = try await request.collectBody(upTo: Self.bodyLimit) } catch is NIOTooManyBytesError {
            throw OpenAIError(status: 413, message: "The body is longer than \(Self.bodyLimit >> 20) MiB.")
        }
        do { return try JSONValue(parsing: bytes.readableBytesView) } catch {
            throw OpenAIError.invalid(nil, "The body is not valid JSON.")
        }
    }

    private func whole(_ answer: LocalAnswer, _ reply: ChatCompletionReply, _ request: Request) async throws -> Response {
        let value = try await request.body.consumeWithInboundCloseHandler { _ in
            var text = ""
            for try await chunk in answer.chunks {
                switch chunk {
                case .text(let piece): text += piece
                case .reasoning, .withdrawn: break
                case .finished(let finish, let usage): return reply.whole(text, finish, usage)
                }
            }
            throw CancellationError()
        } onInboundClosed: {
            answer.cancel()
        }
        var response = json(value)
        // Watching for the client's leaving has used up the connection.
        response.headers[.connection] = "close"
        return response
    }

    private func stream(
        _ answer: LocalAnswer, _ reply: ChatCompletionReply, _ request: Request, includesUsage: Bool
    ) -> Response {
        let events = ChatEventWriter(reply: reply, includesUsage: includesUsage, logger: logger)
        let body = ResponseBody { writer in
            do {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await events.write(answer.chunks, to: &writer)
                } onInboundClosed: {
                    answer.cancel()
                }
            } catch {
                answer.cancel()
                throw error
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-cache", .connection: "close"]
        return Response(status: .ok, headers: headers, body: body)
    }

    private func json(_ value: JSONValue, status: Int = 200) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.text)))
    }

    private func refusal(_ error: OpenAIError) -> Response {
        var response = json(error.json, status: error.status)
        if let wait = error.retryAfter { response.headers[.retryAfter] = String(max(1, Int(rounding: wait.seconds.rounded(.up)))) }
        return response
    }
}
