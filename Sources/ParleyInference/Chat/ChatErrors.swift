public import ParleyCore

extension ErrorCode {
    public static let modelMissing = Self("model.missing", .unavailable, "The language model is not installed")
    public static let modelUnreachable = Self("model.unreachable", .unavailable, "The language model cannot be reached")
    public static let modelTimeout = Self("model.timeout", .timeout, "The language model did not answer in time")
    public static let modelFailed = Self("model.failed", .upstream, "The language model's server failed")
    public static let modelOverloaded = Self("model.overloaded", .unavailable, "Too many questions wait for the language model")
    public static let modelRateLimited = Self("model.rate_limited", .unavailable, "The language model's service is asked too often")
    public static let modelQuotaUsedUp = Self("model.quota_used_up", .upstream, "The quota at the language model's service is used up")
    public static let modelKeyRefused = Self("model.key_refused", .upstream, "The language model's service refused the key")
    public static let modelNotFound = Self("model.not_found", .upstream, "The service does not have the language model")
    public static let modelParameterRefused = Self(
        "model.parameter_refused", .upstream, "The language model does not know a parameter")
    public static let modelContextExceeded = Self(
        "model.context_exceeded", .invalid, "The prompt is longer than the model's context window")
    public static let modelRejected = Self("model.rejected", .upstream, "The language model refused the request")
    public static let modelAnswerInvalid = Self("model.invalid_answer", .upstream, "The language model's answer cannot be understood")
}
