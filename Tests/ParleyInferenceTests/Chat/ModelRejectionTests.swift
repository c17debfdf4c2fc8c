import ParleyCore
import Testing

@testable import ParleyInference

/// What services say when they refuse, and what is made of it.
@Suite struct ModelRejectionTests {
    private static let refusals: [(Int?, String, ErrorCode)] = [
        (
            401, #"{"error":{"message":"Incorrect API key provided: sk-1","type":"invalid_request_error","code":"invalid_api_key"}}"#,
            .modelKeyRefused
        ),
        (401, "", .modelKeyRefused), (403, #"{"type":"error","error":{"type":"permission_error","message":"no"}}"#, .modelKeyRefused),
        (
            400, #"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#,
            .modelKeyRefused
        ),
        (402, #"{"error":{"message":"Insufficient Balance"}}"#, .modelQuotaUsedUp),
        (
            429, #"{"error":{"message":"You exceeded your current quota, please check your plan","code":"insufficient_quota"}}"#,
            .modelQuotaUsedUp
        ),
        (400, #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#, .modelQuotaUsedUp),
        (429, #"{"error":{"message":"Rate limit reached. Please try again in 20s.","code":"rate_limit_exceeded"}}"#, .modelRateLimited),
        (429, "slow down", .modelRateLimited), (nil, #"{"error":{"type":"rate_limit_error","message":"x"}}"#, .modelRateLimited),
        (529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, .modelOverloaded),
        (503, #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#, .modelOverloaded),
        (404, #"{"error":{"message":"The model `gpt-9` does not exist","code":"model_not_found"}}"#, .modelNotFound),
        (404, #"{"error":"model \"llama9\" not found, try pulling it first"}"#, .modelNotFound),
        (404, "404 page not found", .modelNotFound),
        (400, #"{"error":{"message":"x/y is not a valid model ID","code":400}}"#, .modelNotFound), (405, "", .modelNotFound),
        (400, #"{"error":{"message":"The requested model 'x' does not exist."}}"#, .modelNotFound),
        (308, "", .modelNotFound),
        (400, #"{"error":{"code":"context_length_exceeded","message":"no"}}"#, .modelContextExceeded),
        (400, #"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#, .modelContextExceeded),
        (
            400,
            #"{"error":{"message":"the request exceeds the available context size (4096 tokens)","type":"exceed_context_size_error"}}"#,
            .modelContextExceeded
        ),
        (413, #"{"error":{"message":"Request too large for model: Limit 6000, Requested 8000 tokens per minute"}}"#, .modelContextExceeded),
        (
            400, #"{"error":{"message":"Unsupported parameter: 'max_tokens'","param":"max_tokens","code":"unsupported_parameter"}}"#,
            .modelParameterRefused
        ),
        (
            422, #"{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]}"#,
            .modelParameterRefused
        ),
        (500, #"{"error":{"message":"CUDA error"}}"#, .modelFailed), (502, "<html>Bad gateway</html>", .modelFailed),
        (400, #"{"error":{"message":"I will not","type":"invalid_request_error"}}"#, .modelRejected),
        (nil, #"{"error":"bad"}"#, .modelRejected),
        (403, #"{"error":{"code":"unsupported_country_region_territory","message":"Country not supported"}}"#, .modelRejected),
    ]

    private func rejection(_ status: Int?, _ body: String) -> ModelRejection {
        ModelRejection((try? JSONValue(parsing: body.utf8)) ?? .string(body), status: status)
    }

    @Test func everyKindHasItsCode() {
        for (status, body, code) in Self.refusals {
            let error = rejection(status, body).error
            #expect(error.code == code, "\(status ?? 0) \(body)")
            #expect(error.message.hasSuffix("."), "\(error.message)")
        }
    }

    @Test func howLongToWaitIsTold() {
        func wait(_ body: String) -> Duration? { rejection(429, body).error.retryAfter }
        #expect(wait(#"{"error":{"message":"Please try again in 20s."}}"#) == .seconds(20))
        #expect(wait(#"{"error":{"message":"Please try again in 1m7.5s."}}"#) == .milliseconds(67_500))
        #expect(wait(#"{"error":{"message":"Please try again in 820ms."}}"#) == .milliseconds(820))
        #expect(wait(#"{"error":{"message":"Please retry in 5 minutes"}}"#) == .seconds(300))
        #expect(wait(#"{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"34s"}]}}"#) == .seconds(34))
        #expect(wait("slow down") == .seconds(5))
        let told = ModelRejection(.string("x"), status: 429, retryAfter: .seconds(7)).error
        #expect(told.retryAfter == .seconds(7) && told.message.contains("try again in 7 seconds"), "\(told.message)")
    }

    @Test func theServicesWordsAreKeptForTheLog() {
        #expect(rejection(400, #"{"error":{"message":"bad \"seed\""}}"#).description == "bad \"seed\"")
        #expect(rejection(400, "plain words").description == "plain words")
    }
}
