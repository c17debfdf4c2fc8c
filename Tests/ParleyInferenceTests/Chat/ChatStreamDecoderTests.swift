import ParleyCore
import Testing

@testable import ParleyInference

@Suite struct ChatStreamDecoderTests {
    static let stream = """
        : hi\r
        data: {"choices":[{"delta":{"content":null}}]}\r
        \r
        data: {"choices":[{"delta":{"content":"Grüß "}}],"usage":null}

        data: {"choices":[{"delta":
        data: {"content":"🙂"}}]}

        data: {"choices":[{"delta":{},"finish_reason":"length"}]}

        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}

        data: [DONE]

        data: {"error":"too late"}


        """

    @Test func everyCutGivesTheSameAnswer() throws {
        let bytes = Array(Self.stream.utf8)
        for cut in bytes.indices {
            var (lines, decoder, text) = (EventStreamDecoder(), ChatStreamDecoder(), "")
            for part in [bytes[..<cut], bytes[cut...]] {
                for event in try lines.feed(part) { text += try decoder.add(event.data) ?? "" }
            }
            #expect(text == "Grüß 🙂" && decoder.isDone)
            #expect(try decoder.end() == .finished(.length, usage: ChatUsage(promptTokens: 7, completionTokens: 2)))
        }
    }

    /// Counts are added up, and what a service tells is not to be trusted.
    @Test func countsOfTokensStayWithinReason() throws {
        var ours = ChatStreamDecoder()
        _ = try ours.add(#"{"choices":[],"usage":{"prompt_tokens":9223372036854775807,"completion_tokens":-5}}"#)
        _ = try ours.add("[DONE]")
        #expect(try ours.end() == .finished(.stop, usage: ChatUsage(promptTokens: 1_000_000_000, completionTokens: 0)))
        var other = AnthropicStreamDecoder()
        _ = try other.add(
            #"{"type":"message_delta","usage":{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807}}"#)
        _ = try other.add(#"{"type":"message_stop"}"#)
        #expect(try other.end() == .finished(.stop, usage: ChatUsage(promptTokens: 2_000_000_000, completionTokens: 0)))
        let price = TokenPrice(prompt: 1e300, completion: -1)
        #expect(price.cost(promptTokens: 1, completionTokens: 1) == 1_000_000_000_000_000)
    }

    @Test func anErrorInTheMiddleIsThrown() throws {
        var decoder = ChatStreamDecoder()
        #expect(try decoder.add(#"{"choices":[{"delta":{"content":"Well"}}]}"#) == "Well")
        let error = #expect(throws: ParleyError.self) { try decoder.add(#"{"error":{"message":"GPU on fire","code":500}}"#) }
        #expect(error?.code == .modelRejected)
        #expect("\(error?.cause ?? ParleyError(.internal, ""))" == "GPU on fire")
    }

    @Test func providersWordsAreUnderstood() {
        func code(_ error: JSONValue) -> ErrorCode { ModelRejection(error).error.code }
        #expect(code(["code": "context_length_exceeded", "message": "no"]) == .modelContextExceeded)
        #expect(code("This model's maximum context length is 4096 tokens") == .modelContextExceeded)
        #expect(code(["type": "overloaded_error", "message": "Overloaded"]) == .modelOverloaded)
        #expect(code(["message": "bad"]) == .modelRejected)
    }

    @Test func aStreamThatBreaksOffIsNoAnswer() throws {
        var decoder = ChatStreamDecoder()
        _ = try decoder.add(#"{"choices":[{"delta":{"content":"Well"}}]}"#)
        #expect(throws: ParleyError.self) { try decoder.end() }
        #expect(throws: ParleyError.self) { try decoder.add("<html>") }
        // Some providers leave out [DONE], some the reason.
        _ = try decoder.add(#"{"choices":[{"delta":{},"finish_reason":"eos"}]}"#)
        #expect(try decoder.end() == .finished(.stop, usage: nil))
    }
}
