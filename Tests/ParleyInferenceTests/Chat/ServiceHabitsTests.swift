import ParleyCore
import Testing

@testable import ParleyInference

/// What is learnt from a refusal: the next call is made in the form that the service takes.
@Suite struct ServiceHabitsTests {
    private static let fields: [String: JSONValue] = [
        "model": "m", "messages": [["role": "system", "content": "Be short."], ["role": "user", "content": "When?"]], "temperature": 0,
        "top_p": 0.9,
        "stream": true, "stream_options": ["include_usage": true], "max_tokens": 100_000, "seed": 7, "stop": ["END"],
    ]

    /// The fields of the next call.
    private func next(
        _ words: String, _ more: [String: JSONValue] = [:], status: Int = 400, required: Set<String> = [],
        fields: [String: JSONValue] = fields
    ) -> [String: JSONValue]? {
        var habits = ServiceHabits()
        let error = JSONValue.object(more.merging(["message": .string(words)]) { own, _ in own })
        guard habits.learn(ModelRejection(["error": error], status: status), from: fields, required: required) else { return nil }
        return habits.adjusted(fields)
    }

    /// Which fields are gone.
    private func dropped(_ words: String, _ more: [String: JSONValue] = [:], status: Int = 400) -> Set<String>? {
        next(words, more, status: status).map { Set(Self.fields.keys).subtracting($0.keys) }
    }

    @Test func theLimitIsCalledByItsOtherName() {
        let words = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        let renamed = next(words, ["param": "max_tokens", "code": "unsupported_parameter"])
        #expect(renamed?["max_tokens"] == nil && renamed?["max_completion_tokens"] == 100_000)
        #expect(next("max_tokens is deprecated. Use `max_output_tokens` instead.")?["max_output_tokens"] == 100_000)
        var habits = ServiceHabits()
        let rejection = ModelRejection(["error": ["message": .string(words)]], status: 400)
        let first = habits.learn(rejection, from: Self.fields, required: [])
        let second = ModelRejection(["error": ["message": "Unknown parameter: 'max_completion_tokens'"]], status: 400)
        let again = habits.learn(second, from: habits.adjusted(Self.fields), required: [])
        #expect(first && again)
        #expect(habits.adjusted(Self.fields).keys.filter { $0.contains("tokens") }.isEmpty, "it takes no limit at all")
    }

    @Test(arguments: [
        ("Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.", "temperature"),
        ("temperature: Extra inputs are not permitted", "temperature"),
        ("`temperature` and `top_p` cannot both be specified for this model.", "top_p"),
        ("Unrecognized request argument supplied: stream_options", "stream_options"), ("property 'seed' is unsupported", "seed"),
        ("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options"),
        ("Invalid JSON payload received. Unknown name \"seed\": Cannot find field.", "seed"),
        ("Argument not supported on this model: stop", "stop"),
        ("Model grok-4 does not support parameter topP.", "top_p"),
        ("[{'type': 'extra_forbidden', 'loc': ('body', 'top_p'), 'msg': 'Extra inputs are not permitted'}]", "top_p"),
        ("This model does not support stop sequences", "stop"), ("top p is not supported", "top_p"),
        ("Extra inputs are not permitted, field: 'seed'", "seed"), ("`temperature` is deprecated for this model.", "temperature"),
    ])
    func aFieldIsLeftOut(_ words: String, _ field: String) {
        #expect(dropped(words) == [field], "\(words)")
    }

    @Test func errorsOfEveryFormNameTheirField() {
        var habits = ServiceHabits()
        let bodies: [(JSONValue, String)] = [
            (
                ["detail": [["type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"]]],
                "stream_options"
            ),
            (
                [
                    "object": "error",
                    "message": [
                        "detail": [["type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"]]
                    ],
                ], "seed"
            ),
            ([["error": ["code": 400, "message": "Unknown name \"top_p\": Cannot find field."]]], "top_p"),
            (
                [
                    "error": [
                        "message": "Provider returned error",
                        "metadata": ["raw": "{\"error\":{\"message\":\"Unsupported parameter: 'stop'\"}}"],
                    ]
                ], "stop"
            ),
        ]
        for (body, field) in bodies {
            let isNew = habits.learn(ModelRejection(body, status: 422), from: habits.adjusted(Self.fields), required: [])
            #expect(isNew && habits.without.contains(field), "\(field): \(habits.without)")
        }
        #expect(habits.adjusted(Self.fields)["messages"] != nil && habits.adjusted(Self.fields)["temperature"] != nil)
    }

    @Test func aServiceThatDoesNotStreamIsAskedForAWholeAnswer() {
        let gone = dropped("Your organization must be verified to stream this model.", ["param": "stream", "code": "unsupported_value"])
        #expect(gone == ["stream", "stream_options"])
        #expect(dropped("Streaming is not supported for this model") == ["stream", "stream_options"])
    }

    @Test func aFieldThatIsNotNamedTakesTheOptionalOnesAlong() {
        let gone = dropped("Unknown parameter in request")
        #expect(
            gone?.isSuperset(of: ["stream_options", "seed", "top_p"]) == true
                && gone?.isDisjoint(with: ["model", "messages", "max_tokens"]) == true)
    }

    @Test func soDoesARefusalThatSaysNothing() {
        #expect(next("Bad Request", status: 400)?["stream_options"] == nil && next("Bad Request", status: 400) != nil)
        #expect(next("", status: 422) != nil && next("Bad Request", status: 500) == nil)
    }

    @Test func aLimitThatIsTooLargeIsLowered() {
        let words = "max_tokens is too large: 100000. This model supports at most 16,384 completion tokens, whereas you provided 100000."
        #expect(next(words)?["max_tokens"] == 16_384)
        let anthropic = "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-sonnet-20241022"
        #expect(next(anthropic, required: ["max_tokens"])?["max_tokens"] == 8192)
        #expect(next("max_tokens: Extra inputs are not permitted", required: ["max_tokens"]) == nil, "the protocol needs it")
    }

    @Test func aTemperatureAboveNothingIsTaken() {
        #expect(next("`temperature` must be strictly positive", status: 422)?["temperature"]?.double.map { $0 > 0 && $0 < 0.1 } == true)
    }

    @Test(arguments: [
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.", "System role not supported",
        "Conversation roles must alternate user/assistant/user/assistant/...", "Only user and assistant roles are supported!",
        "Developer instruction is not enabled for models/gemma-3-1b-it",
    ])
    func instructionsGoWithTheFirstQuestion(_ words: String) {
        var habits = ServiceHabits()
        let isNew = habits.learn(ModelRejection(["error": .string(words)], status: 400), from: Self.fields, required: [])
        #expect(isNew && habits.foldsInstructions && habits.without.isEmpty)
    }

    @Test func otherRefusalsTeachNothing() {
        for (status, words) in [
            (401, "Incorrect API key"), (429, "Rate limit"),
            (400, "This model's maximum context length is 4096 tokens, however you requested max_tokens 100000"),
            (400, "I cannot help with that"), (404, "The model does not exist"), (500, "CUDA error"),
            (400, "The office seeds stop at noon"),
        ] {
            #expect(next(words, status: status) == nil, "\(words)")
        }
    }

    @Test func turnsComeInTheOrderThatEveryServiceTakes() {
        let said = [
            ChatMessage(.system, "Be short."), ChatMessage(.assistant, "Hello!"), ChatMessage(.user, "One?"), ChatMessage(.user, "Two?"),
            ChatMessage(.assistant, " "), ChatMessage(.assistant, "Yes."), ChatMessage(.system, "Be kind."), ChatMessage(.user, "Three?"),
        ]
        let turns = ArrangedTurns.arranged(said, folding: false)
        #expect(turns.map(\.role) == [.system, .user, .assistant, .user])
        #expect(turns.map(\.content) == ["Be short.\n\nBe kind.", "One?\n\nTwo?", "Yes.", "Three?"])
        let folded = ArrangedTurns.arranged(said, folding: true)
        #expect(folded.map(\.role) == [.user, .assistant, .user] && folded.first?.content == "Be short.\n\nBe kind.\n\nOne?\n\nTwo?")
    }
}
