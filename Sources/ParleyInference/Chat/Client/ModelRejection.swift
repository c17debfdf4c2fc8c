internal import Foundation
internal import ParleyCore
internal import ParleyRemote

/// What a provider said when it refused: the cause of our error, for the log.
struct ModelRejection: Error, CustomStringConvertible {
    /// The provider's words.
    let description: String
    private let code: String

    /// - Parameter value: the `error` of the OpenAI protocol: an object, or with some providers a text.
    init(_ value: JSONValue) {
        description = value["message"]?.string ?? value.string ?? value.text
        code = value["code"]?.string ?? value["type"]?.string ?? ""
    }

    var error: ParleyError {
        if isContextExceeded {
            return ParleyError(.modelContextExceeded, "The prompt is longer than the language model's context window.", cause: self)
        }
        if ["overloaded", "overloaded_error", "rate_limit_exceeded", "rate_limit_error"].contains(code) {
            return ParleyError(
                .modelOverloaded, "The language model has too much to do; try again shortly.", retryAfter: .seconds(5), cause: self)
        }
        return ParleyError(.modelRejected, "The language model refused the request; the server's log says why.", cause: self)
    }

    /// Providers agree on the matter, not on the words.
    private var isContextExceeded: Bool {
        if code == "context_length_exceeded" || code == "exceed_context_size_error" { return true }
        let words = description.lowercased()
        return ["context length", "context window", "context size", "maximum context", "prompt is too long"].contains { words.contains($0) }
    }
}

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
            return ParleyError(.modelUnreachable, "The language model did not answer in time. Ask again.", cause: error)
        case .remoteUnreachable, .remoteCircuitOpen:
            return ParleyError(
                .modelUnreachable, "The language model cannot be reached. Check that it runs and that model.url is right.",
                retryAfter: error.retryAfter, cause: error)
        case .remoteInvalidAnswer, .remoteTooLarge:
            return ParleyError(
                .modelRejected, "The language model's answer cannot be understood; check that its address and its protocol fit together.",
                cause: error)
        default: return error
        }
    }

    /// What came is not what the protocol has.
    static func malformed(_ data: String) -> ParleyError {
        ParleyError(
            .modelRejected, "The language model's answer cannot be understood; check that its address and its protocol fit together.",
            cause: ModelRejection(.string(String(data.prefix(200)))))
    }

    private static func rejected(_ error: ParleyError) -> ParleyError {
        guard let rejection = error.cause as? RemoteRejection else { return error }
        switch rejection.status {
        case 429, 503, 529:
            return ParleyError(
                .modelOverloaded, "The language model has too much to do; try again shortly.",
                retryAfter: rejection.retryAfter ?? .seconds(5), cause: rejection)
        case 401, 403: return ParleyError(.modelRejected, "The language model refused the key; check model.api_key.", cause: rejection)
        case 404: return ParleyError(.modelRejected, "The language model was not found; check model.url and model.name.", cause: rejection)
        case 500...: return ParleyError(.modelUnreachable, "The language model's server failed. Ask again.", cause: rejection)
        default: break
        }
        let body = try? JSONValue(parsing: rejection.body.utf8)
        return ModelRejection(body?["error"] ?? .string(rejection.body)).error
    }
}
