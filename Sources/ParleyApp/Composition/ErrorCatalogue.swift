import Accounts
import Conversations
import Library
import ParleyAuthority
import ParleyCore
import ParleyHTTP
import ParleyInference
import ParleyParsing
import ParleyRemote

/// Codes that no endpoint declares because any may give them; the page of errors shows them beside the declared ones.
enum ErrorCatalogue {
    static let all: [ErrorCode] = [
        .internal, .invalidInput, .notFound, .unavailable, .unauthenticated, .forbidden, .projectNotFound, .diskFull, .documentNoText,
        .documentTooComplex, .answerBroken, .embeddingModelMissing, .embeddingRuntimeMissing, .embeddingBusy, .readerModelMissing,
        .readerModelUnsupported, .readerBusy, .modelMissing, .modelUnreachable, .modelTimeout, .modelFailed, .modelOverloaded,
        .modelRateLimited, .modelQuotaUsedUp, .modelKeyRefused, .modelNotFound, .modelParameterRefused, .modelRejected,
        .modelAnswerInvalid, .modelContextExceeded, .remoteUnreachable, .remoteTimeout, .remoteCircuitOpen, .addressRefused,
    ]
}
