internal import ParleyTelemetry

/// What is measured of every answer.
enum ModelMetrics {
    static let firstToken = Metric.histogram(
        "parley_model_first_token_seconds", "From the question to the first words of the answer.", labels: ["model"])
    static let tokens = Metric.counter("parley_model_tokens_total", "Tokens read and written.", labels: ["model", "kind"])
    static let all = [firstToken, tokens]
}

/// Passes chunks on and measures them.
struct AnswerMeter {
    private let telemetry: Telemetry
    private let model: String
    private let started = ContinuousClock.now
    private var hasText = false

    init(_ telemetry: Telemetry, model: String) { (self.telemetry, self.model) = (telemetry, model) }

    mutating func take(_ chunk: ChatChunk, _ output: AsyncThrowingStream<ChatChunk, any Error>.Continuation) {
        switch chunk {
        case .text:
            if !hasText { telemetry.observe(ModelMetrics.firstToken, (ContinuousClock.now - started) / .seconds(1), ["model": model]) }
            hasText = true
        case .reasoning, .withdrawn: break
        case .finished(_, let usage):
            telemetry.count(ModelMetrics.tokens, by: Double(usage?.promptTokens ?? 0), ["model": model, "kind": "prompt"])
            telemetry.count(ModelMetrics.tokens, by: Double(usage?.completionTokens ?? 0), ["model": model, "kind": "completion"])
        }
        output.yield(chunk)
    }
}
