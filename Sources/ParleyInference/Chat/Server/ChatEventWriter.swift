internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ParleyCore

/// Writes an answer as the event stream that OpenAI's clients read.
struct ChatEventWriter: Sendable {
    let reply: ChatCompletionReply
    let includesUsage: Bool
    let logger: Logger

    /// An error after the stream's start becomes an event with an `error` object, as there is no status left to give.
    func write(_ chunks: AsyncThrowingStream<ChatChunk, any Error>, to writer: inout any ResponseBodyWriter) async throws {
        try await send(reply.opening(), to: &writer)
        do {
            for try await chunk in chunks { try await write(chunk, to: &writer) }
        } catch let error as ParleyError {
            logger.error("An answer broke off.", metadata: ["error": "\(error)"])
            try await send(OpenAIError(error).json, to: &writer)
            return
        }
        try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
    }

    private func write(_ chunk: ChatChunk, to writer: inout any ResponseBodyWriter) async throws {
        switch chunk {
        case .text(let piece): try await send(reply.text(piece), to: &writer)
        case .reasoning, .withdrawn: break
        case .finished(let finish, let usage):
            try await send(reply.closing(finish), to: &writer)
            if includesUsage, let usage { try await send(reply.usage(usage), to: &writer) }
        }
    }

    private func send(_ value: JSONValue, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: "data: \(value.text)\n\n"))
    }
}
