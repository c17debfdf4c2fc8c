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
