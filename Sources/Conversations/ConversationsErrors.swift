public import ParleyCore

extension ErrorCode {
    public static let threadNotFound = Self("thread.not_found", .notFound, "There is no such thread")
    public static let messageNotFound = Self("message.not_found", .notFound, "There is no such message")
    public static let traceNotFound = Self("message.no_trace", .notFound, "There is no trace of this message")
    public static let messageNotContinuable = Self("message.not_continuable", .conflict, "The message cannot be gone on with")
    public static let tokensUsedUp = Self("usage.tokens_used_up", .tooManyRequests, "The tokens are used up")
    public static let answerBroken = Self("answer.failed", .internalFailure, "The answer broke off")
}
