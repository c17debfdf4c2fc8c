internal import ParleyCore
internal import ParleyRemote

/// Turns the errors of a remote call into those of a chat model.
enum ModelErrors {
    /// `CancellationError` and the errors of a chat model stay as they are.
    static func map(_ error: any Error) -> any Error {
        guard let error = error as? ParleyError else { return error }
        switch error.code {
        case .remoteRejected: return rejected(error)
        case .remoteBusy:
            return ParleyError(
                .modelOverloaded, "The language model has too much to do; try again shortly.", retryAfter: error.retryAfter, cause: error)
        case .remoteTimeout:
            return ParleyError(
                .modelTimeout, "The language model did not answer in time. Ask again, or raise model.idle_timeout.", cause: error)
        case .remoteUnreachable, .remoteCircuitOpen:
            return ParleyError(
                .modelUnreachable, "The language model cannot be reached. Check that it runs and that model.url is right.",
                retryAfter: error.retryAfter, cause: error)
        case .remoteInvalidAnswer, .remoteTooLarge:
            return ParleyError(.modelAnswerInvalid, misunderstood, cause: error)
        default: return error
        }
    }

    /// What came is not what the protocol has.
    static func malformed(_ data: String) -> ParleyError {
        ParleyError(.modelAnswerInvalid, misunderstood, cause: ModelRejection(.string(String(data.prefix(200)))))
    }

    /// The stream ended without saying how.
    static var brokenOff: ParleyError { ParleyError(.modelUnreachable, "The language model's answer broke off. Ask again.") }

    private static let misunderstood =
        "The language model's answer cannot be understood; check that its address and its protocol fit together."

    private static func rejected(_ error: ParleyError) -> ParleyError {
        guard let rejection = error.cause as? RemoteRejection else { return error }
        let body = (try? JSONValue(parsing: rejection.body.utf8)) ?? .string(rejection.body)
        return ModelRejection(body, status: rejection.status, retryAfter: rejection.retryAfter).error
    }
}
