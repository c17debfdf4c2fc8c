internal import ParleyCore

/// Services agree on what can go wrong, not on its names: status, code and words are looked at together.
extension ModelRejection {
    /// What it means, and what to do about it.
    var error: ParleyError {
        let known = Self.kinds.first { $0.isMet(self) }
        let fallback: (ErrorCode, String) =
            (status ?? 0) >= 500
            ? (.modelFailed, "The language model's server failed. Ask again; the server's log holds its words.")
            : refusesParameter
                ? (
                    .modelParameterRefused,
                    "The language model does not know a parameter that it was sent; the server's log holds its words."
                )
                : (.modelRejected, "The language model refused the request; the server's log says why.")
        let (code, message) = known.map { ($0.code, $0.message) } ?? fallback
        let waits: [ErrorCode] = [.modelOverloaded, .modelRateLimited]
        return ParleyError(
            code, timed(message), retryAfter: retryAfter ?? (waits.contains(code) ? .seconds(5) : nil), cause: self)
    }

    /// The message with the time that the service told.
    private func timed(_ message: String) -> String {
        guard let retryAfter else { return message }
        let seconds = max(1, Int(rounding: retryAfter.seconds.rounded(.up)))
        return message.replacing("in a while", with: "in \(seconds) seconds").replacing("shortly", with: "in \(seconds) seconds")
    }

    private struct Kind: Sendable {
        let code: ErrorCode
        let message: String
        var statuses: Set<Int> = []
        var names: Set<String> = []
        var phrases: [String] = []
        /// Something, and what is told of it on the same line.
        var pattern: Pattern?

        struct Pattern: Sendable {
            let subject: String
            let tellings: [String]
            private static let reach = 80

            func matches(_ words: String) -> Bool {
                words.ranges(of: subject).contains { range in
                    let rest = words[range.upperBound...].prefix(Self.reach).prefix { !$0.isNewline }
                    return tellings.contains { rest.contains($0) }
                }
            }
        }

        func isMet(_ rejection: ModelRejection) -> Bool {
            rejection.status.map(statuses.contains) == true || !names.isDisjoint(with: rejection.names)
                || phrases.contains { rejection.words.contains($0) } || pattern?.matches(rejection.words) == true
        }
    }

    /// In the order in which they are asked after: the telling ones first.
    private static let kinds = [context, missingModel, quota, place, key, rate, load, address]

    private static let context = Kind(
        code: .modelContextExceeded,
        message: "The prompt is longer than the language model's context window; ask for fewer passages or set model.context_window.",
        statuses: [413], names: ["context_length_exceeded", "exceed_context_size_error", "context_window_exceeded"],
        phrases: [
            "context length", "context window", "context size", "context limit", "maximum context", "prompt is too long", "prompt too long",
            "input is too long", "too many tokens", "reduce the length", "reduce your message size", "request too large", "input length",
            "exceeds the maximum number of tokens", "maximum prompt length", "exceeds max length", "model token limit",
            "tokens + `max_new_tokens`", "`inputs` must have less than",
        ])
    private static let missingModel = Kind(
        code: .modelNotFound, message: "The service does not have the language model; check model.name, or load the model there.",
        names: [
            "model_not_found", "invalid_model", "model_decommissioned", "model_not_exist", "unknown_model", "model_not_loaded",
            "model_not_available",
        ],
        phrases: [
            "model does not exist", "model not exist", "model not found", "no such model", "unknown model", "invalid model",
            "not a valid model",
            "does not have access to model", "no models loaded", "try pulling it", "has been decommissioned", "has been deprecated",
            "model is not available", "unsupported model", "model_not_found", "is not found for api version",
        ],
        pattern: Kind.Pattern(
            subject: "model",
            tellings: ["does not exist", "not found", "not exist", "is not available", "not loaded", "is unknown", "no longer available"]))
    private static let quota = Kind(
        code: .modelQuotaUsedUp,
        message: "The quota at the language model's service is used up; look into its billing, or raise the limit there.",
        statuses: [402],
        names: [
            "insufficient_quota", "billing_not_active", "billing_hard_limit_reached", "quota_exceeded", "payment_required",
            "insufficient_balance",
        ],
        phrases: [
            "current quota", "insufficient balance", "insufficient credit", "credit balance", "out of credits", "more credits",
            "insufficient quota",
        ])
    private static let place = Kind(
        code: .modelRejected,
        message: "The language model's service does not serve the place that this server stands in; use another service.",
        names: ["unsupported_country_region_territory"], phrases: ["user location is not supported"])
    private static let key = Kind(
        code: .modelKeyRefused, message: "The language model's service refused the key; check model.api_key.", statuses: [401, 403],
        names: ["invalid_api_key", "authentication_error", "api_key_invalid", "permission_error", "unauthorized", "unauthenticated"],
        phrases: ["api key not valid", "incorrect api key", "invalid api key", "invalid x-api-key", "no auth credentials"])
    private static let rate = Kind(
        code: .modelRateLimited,
        message: "The language model's service is asked too often; try again in a while, or raise the limit there.",
        statuses: [429],
        names: ["rate_limit_exceeded", "rate_limit_error", "too_many_requests", "resource_exhausted", "throttlingexception"],
        phrases: ["rate limit", "too many requests"])
    private static let load = Kind(
        code: .modelOverloaded, message: "The language model has too much to do or is still loading; try again shortly.",
        statuses: [503, 529],
        names: ["overloaded", "overloaded_error", "unavailable", "unavailable_error"],
        phrases: ["overloaded", "loading model", "model is loading"])
    private static let address = Kind(
        code: .modelNotFound,
        message: "There is no language model at the address; check model.url, which often ends in a version such as /v1, and model.name.",
        statuses: [301, 302, 303, 307, 308, 404, 405], names: ["not_found_error"])
}
