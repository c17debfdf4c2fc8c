public import ParleyCore

extension ErrorCode {
    public static let modelMissing = Self("model.missing", .unavailable, "The language model is not installed")
    public static let modelUnreachable = Self("model.unreachable", .unavailable, "The language model cannot be reached")
    public static let modelRejected = Self("model.rejected", .upstream, "The language model refused the request")
    public static let modelContextExceeded = Self(
        "model.context_exceeded", .invalid, "The prompt is longer than the model's context window")
    public static let modelOverloaded = Self("model.overloaded", .unavailable, "Too many questions wait for the language model")
}
