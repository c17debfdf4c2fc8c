public import ParleyCore

extension ErrorCode {
    public static let threadNotFound = Self("thread.not_found", .notFound, "There is no such thread")
    public static let messageNotFound = Self("message.not_found", .notFound, "There is no such message")
    public static let tokensUsedUp = Self("usage.tokens_used_up", .tooManyRequests, "The project's tokens of the day are used up")
    public static let answerBroken = Self("answer.failed", .internalFailure, "The answer broke off")
}
