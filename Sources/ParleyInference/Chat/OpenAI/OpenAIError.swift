internal import ParleyCore

/// An error as the OpenAI protocol tells it.
struct OpenAIError: Error {
    var status: Int
    var message: String
    var type = "invalid_request_error"
    var parameter: String?
    var code: String?
    var retryAfter: Duration?

    /// Something wrong with the request's field `parameter`.
    static func invalid(_ parameter: String?, _ message: String, code: String? = nil) -> Self {
        Self(status: 400, message: message, parameter: parameter, code: code)
    }

    init(status: Int, message: String, type: String = "invalid_request_error", parameter: String? = nil, code: String? = nil) {
        (self.status, self.message, self.type, self.parameter, self.code) = (status, message, type, parameter, code)
    }

    init(_ error: ParleyError) {
        switch error.code {
        case .modelContextExceeded:
            self.init(status: 400, message: error.message, parameter: "messages", code: "context_length_exceeded")
        case .modelOverloaded:
            self.init(status: 503, message: error.message, type: "server_error", code: "overloaded")
        default:
            self.init(status: 500, message: error.message, type: "server_error", code: error.code.name)
        }
        retryAfter = error.retryAfter
    }

    var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": parameter.map(JSONValue.string) ?? .null,
                "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}
