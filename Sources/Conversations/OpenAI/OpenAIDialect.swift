import ParleyAuthority
import ParleyCore
import ParleyHTTP

extension ErrorDialect {
    /// Errors as OpenAI's protocol has them: `{"error": {"message", "type", "param", "code"}}`.
    static let openAI = Self.json { error, status in
        // Its clients know one status for what is wrong with a request.
        let status = status == 422 ? 400 : status
        return Answer(status: status, ["error": OpenAIFault(error, status: status).json])
    }
}

/// An error in the words of OpenAI's protocol.
struct OpenAIFault {
    let json: JSONValue

    init(_ error: ParleyError, status: Int = 500) {
        let (type, code) = Self.kind(error, status)
        let fields = error.fields.prefix(10).map { "\(Self.parameter($0.pointer)) \($0.message)" }
        let message = fields.isEmpty ? error.message : "\(error.message) (\(fields.joined(separator: "; ")))"
        json = [
            "message": .string(message), "type": .string(type), "code": .string(code),
            "param": error.fields.first.map { .string(Self.parameter($0.pointer)) } ?? .null,
        ]
    }

    private static func kind(_ error: ParleyError, _ status: Int) -> (type: String, code: String) {
        switch error.code {
        case .unauthenticated: ("invalid_request_error", "invalid_api_key")
        case .projectModelNotFound, .projectNotFound: ("invalid_request_error", "model_not_found")
        case .tokensUsedUp: ("insufficient_quota", "insufficient_quota")
        default:
            switch status {
            case 403: ("permission_error", error.code.name)
            case 429: ("rate_limit_error", "rate_limit_exceeded")
            case 500...: ("server_error", error.code.name)
            default: ("invalid_request_error", error.code.name)
            }
        }
    }

    /// `/messages/0/content` as `messages.0.content`.
    private static func parameter(_ pointer: String) -> String {
        pointer.split(separator: "/").joined(separator: ".")
    }
}
