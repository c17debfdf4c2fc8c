import ParleyCore
import Testing

@testable import ParleyInference

/// Bytes of answers as services send them, and what is read of them.
@Suite struct AnswerReadingTests {
    private func read<Decoder: AnswerDecoder>(
        _ wire: String, _: Decoder.Type, by size: Int = .max, stop: [String] = [], tokens: Int = 1000
    ) throws -> (answer: ReadChunks, ending: AnswerEnding, hasEnd: Bool) {
        var reading = AnswerReading<Decoder>(.unknown, stop: stop, tokens: tokens, now: .now)
        var answer = ReadChunks()
        var rest = Array(wire.utf8)[...]
        while !rest.isEmpty, !reading.isOver {
            try answer.take(reading.add(Array(rest.prefix(size)), now: .now))
            rest = rest.dropFirst(size)
        }
        try answer.take(reading.end(now: .now))
        return (answer, reading.ending, reading.hasEnd)
    }

    private static let six = "The harbour opens at six."

    private func chunk(_ delta: JSONValue, _ more: [String: JSONValue] = [:], finish: JSONValue = .null) -> String {
        let choice: JSONValue = ["index": 0, "delta": delta, "finish_reason": finish]
        return "data: " + JSONValue.object(more.merging(["choices": [choice]]) { own, _ in own }).text + "\n\n"
    }

    static let stream = """
        : hi\r
        data: {"choices":[{"delta":{"content":null}}]}\r
        \r
        data: {"choices":[{"delta":{"content":"Grüß "}}],"usage":null}

        data: keep-alive

        data: {"choices":[{"delta":
        data: {"content":[{"type":"text","text":"🙂"}]}}]}

        data: {"choices":[{"delta":{},"finish_reason":"length"}]}

        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}

        data: [DONE]

        data: {"error":"too late"}


        """

    @Test func everyCutGivesTheSameAnswer() throws {
        for size in 1...Self.stream.utf8.count {
            let found = try read(Self.stream, OpenAIAnswerDecoder.self, by: size)
            #expect(found.answer.text == "Grüß 🙂" && found.hasEnd)
            #expect(found.ending.finish == .length && found.ending.usage == ChatUsage(promptTokens: 7, completionTokens: 2))
        }
    }

    @Test(arguments: ["reasoning_content", "reasoning", "thinking", "reasoning_details"])
    func thinkingInAFieldOfItsOwnIsNoText(_ field: String) throws {
        let thought: JSONValue = field == "reasoning_details" ? [["type": "reasoning.text", "text": "hm"]] : "hm"
        let wire =
            chunk([field: thought, "content": ""]) + chunk(["content": "\n\n"]) + chunk(["content": .string(Self.six)], finish: "stop")
        let found = try read(wire, OpenAIAnswerDecoder.self)
        #expect(found.answer.text == Self.six && found.answer.reasoning == "hm")
    }

    @Test func theSameThinkingUnderTwoNamesIsToldOnce() throws {
        let found = try read(chunk(["reasoning_content": "hm", "reasoning": "hm"], finish: "stop"), OpenAIAnswerDecoder.self)
        #expect(found.answer.reasoning == "hm" && found.answer.text.isEmpty)
    }

    @Test func contentInPartsIsJoined() throws {
        let parts: JSONValue = [
            ["type": "thinking", "thinking": [["type": "text", "text": "hm"]]], ["type": "text", "text": "The harbour "],
            ["type": "image_url"],
            ["type": "text", "text": ["value": "opens at six."]],
        ]
        let found = try read(chunk(["content": parts], finish: "stop"), OpenAIAnswerDecoder.self)
        #expect(found.answer.text == Self.six && found.answer.reasoning == "hm")
    }

    @Test(arguments: [
        #"{"object":"chat.completion","choices":[{"message":{"content":"A"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#,
        "{\n  \"object\": \"chat.completion\",\n  \"choices\": [\n    {\n      \"message\": {\"content\": \"A\"}\n    }\n  ]\n}\n",
        #"{"choices":[{"delta":{"content":"A"}}]}"# + "\n" + #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
        "\u{FEFF}\n" + #"[{"choices":[{"text":"A","finish_reason":"stop"}]}]"#,
        #"data:{"choices":[{"delta":{"content":"A"},"finish_reason":"stop"}]}"#,
        #"data: {"choices":[{"delta":{"content":"A"}}]}"# + "\n" + #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#
            + "\ndata: [DONE]\n",
    ])
    func answersInOnePieceOrByTheLineAreRead(_ wire: String) throws {
        let whole = wire.replacing("\"A\"", with: "\"\(Self.six)\"")
        for size in [1, 10, 10_000] {
            let found = try read(whole, OpenAIAnswerDecoder.self, by: size)
            #expect(found.answer.text == Self.six && found.hasEnd && found.ending.finish == .stop, "\(size): \(found)")
        }
    }

    @Test func anEndMayComeWithEveryPieceOrUnderOtherNames() throws {
        let early = chunk(["content": "The harbour "], finish: "stop") + chunk(["content": "opens at six."], finish: "stop")
        #expect(try read(early, OpenAIAnswerDecoder.self).answer.text == Self.six)
        for (reason, finish) in [("MAX_TOKENS", ChatFinish.length), ("model_length", .length), ("SAFETY", .filtered), ("eos", .stop)] {
            #expect(try read(chunk(["content": "x"], finish: .string(reason)), OpenAIAnswerDecoder.self).ending.finish == finish)
        }
        #expect(try !read(chunk(["content": "x"], finish: ""), OpenAIAnswerDecoder.self).hasEnd, "an empty reason is none")
        #expect(try !read(chunk(["content": "x"]), OpenAIAnswerDecoder.self).hasEnd, "it broke off")
    }

    @Test func aCallOfAToolIsNoAnswer() throws {
        let call: JSONValue = ["tool_calls": [["index": 0, "id": "x", "function": ["name": "search", "arguments": "{}"]]]]
        let found = try read(chunk(call) + chunk([:], finish: "tool_calls"), OpenAIAnswerDecoder.self)
        #expect(found.answer.text.isEmpty && found.ending.finish == .toolCalls)
        let both = try read(chunk(["content": .string(Self.six)]) + chunk(call, finish: "tool_calls"), OpenAIAnswerDecoder.self)
        #expect(both.answer.text == Self.six && both.ending.finish == .stop)
    }

    @Test(arguments: [
        #"data: {"error":{"message":"GPU on fire","code":500}}"#, #"data: {"error":"GPU on fire"}"#,
        "event: error\ndata: {\"message\":\"GPU on fire\"}",
        #"data: {"object":"error","message":"GPU on fire","code":500}"#, #"data: [{"error":{"message":"GPU on fire"}}]"#,
        #"data: {"choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"message":"GPU on fire"}}"#,
        #"{"detail":"GPU on fire"}"#,
    ])
    func anErrorInTheMiddleIsThrown(_ event: String) throws {
        let error = #expect(throws: ParleyError.self) { try read(event + "\n\n", OpenAIAnswerDecoder.self) }
        #expect(error?.code.isFault == true && "\(error?.cause ?? ParleyError(.internal, ""))".contains("GPU on fire"), "\(error as Any)")
    }

    @Test func whatIsNoErrorIsNone() throws {
        for more in ["null", "false", "\"\"", "{}"] {
            let wire = "data: {\"error\":\(more),\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n"
            #expect(try read(wire, OpenAIAnswerDecoder.self).answer.text == "x")
        }
    }

    @Test func whatIsNoAnswerAtAllSaysSo() {
        for wire in ["<html><body>Sign in</body></html>", "data: {\"choices\": [\n\n"] {
            let error = #expect(throws: ParleyError.self) { try read(wire, OpenAIAnswerDecoder.self) }
            #expect(error?.code == .modelAnswerInvalid)
        }
    }

    @Test func anthropicAnswersComeInEventsOrWhole() throws {
        let events = [
            #"{"type":"message_start","message":{"usage":{"input_tokens":20,"output_tokens":1}}}"#,
            #"{"type":"content_block_start","content_block":{"type":"thinking","thinking":""}}"#,
            #"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}"#, #"{"type":"ping"}"#,
            #"{"type":"content_block_delta","delta":{"type":"text_delta","text":"The harbour opens at six."}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":6}}"#,
        ]
        let found = try read(events.map { "event: x\r\ndata: \($0)\r\n\r\n" }.joined(), AnthropicAnswerDecoder.self)
        #expect(found.answer.text == Self.six && found.answer.reasoning == "hm" && found.hasEnd, "without message_stop")
        let whole = #"{"type":"message","content":[{"type":"text","text":"The harbour opens at six."}],"stop_reason":"max_tokens"}"#
        let second = try read(whole, AnthropicAnswerDecoder.self)
        #expect(second.answer.text == Self.six && second.ending.finish == .length)
        let tool = #"{"type":"message","content":[{"type":"tool_use","name":"x"}],"stop_reason":"tool_use"}"#
        #expect(try read(tool, AnthropicAnswerDecoder.self).ending.finish == .toolCalls)
    }

    @Test func ollamaAnswersComeByTheLine() throws {
        let lines = [
            #"{"message":{"thinking":"hm"},"done":false}"#, #"{"message":{"content":"The harbour "},"done":false}"#,
            #"{"message":{"content":"opens at six."},"done":true,"done_reason":"stop","eval_count":5}"#,
        ]
        for ending in ["\n", "\r\n", "\n\n"] {
            let found = try read(lines.joined(separator: ending), OllamaAnswerDecoder.self, by: 7)
            #expect(found.answer.text == Self.six && found.answer.reasoning == "hm" && found.hasEnd)
            #expect(found.ending.usage?.completionTokens == 5)
        }
        let tool = #"{"message":{"content":"","tool_calls":[{"function":{"name":"x"}}]},"done":true}"#
        #expect(try read(tool, OllamaAnswerDecoder.self).ending.finish == .toolCalls)
        #expect(throws: ParleyError.self) { try read(#"{"error":"model runner has crashed"}"#, OllamaAnswerDecoder.self) }
    }

    /// Counts are added up, and what a service tells is not to be trusted.
    @Test func countsOfTokensStayWithinReason() throws {
        let huge = #"data: {"choices":[],"usage":{"prompt_tokens":9223372036854775807,"completion_tokens":-5}}"# + "\n\ndata: [DONE]\n\n"
        #expect(try read(huge, OpenAIAnswerDecoder.self).ending.usage == ChatUsage(promptTokens: 1_000_000_000, completionTokens: 0))
        let other =
            #"data: {"type":"message_delta","usage":{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807}}"#
        #expect(
            try read(other + "\n\n", AnthropicAnswerDecoder.self).ending.usage
                == ChatUsage(promptTokens: 2_000_000_000, completionTokens: 0))
        let price = TokenPrice(prompt: 1e300, completion: -1)
        #expect(price.cost(promptTokens: 1, completionTokens: 1) == 1_000_000_000_000_000)
    }

    @Test func anAnswerHasItsLengthWhateverTheServiceDoes() throws {
        let wire = (1...200).map { _ in chunk(["content": .string(String(repeating: "long ", count: 50))]) }.joined()
        let found = try read(wire, OpenAIAnswerDecoder.self, by: 1000, tokens: 100)
        #expect(found.ending.finish == .length && found.hasEnd && found.answer.text.utf8.count < 4000)
    }

    @Test func stopTextsAreLookedForWhereTheServiceDoesNot() throws {
        let wire = chunk(["content": "It opens at six. E"]) + chunk(["content": "ND and more"])
        let found = try read(wire, OpenAIAnswerDecoder.self, by: 3, stop: ["END"])
        #expect(found.answer.text == "It opens at six. " && found.ending.finish == .stop && found.hasEnd)
    }
}

/// Chunks put together.
struct ReadChunks {
    var text = ""
    var reasoning = ""

    mutating func take(_ chunks: [ChatChunk]) {
        for chunk in chunks {
            switch chunk {
            case .text(let piece): text += piece
            case .reasoning(let piece): reasoning += piece
            case .withdrawn: text = ""
            case .finished: break
            }
        }
    }
}
