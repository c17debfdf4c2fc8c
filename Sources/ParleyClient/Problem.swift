import Foundation

extension ParleyAPI {
    /// Why a call did not succeed: the server's problem document (RFC 9457), or what kept the call from it.
    public struct Problem: Error, Sendable, CustomStringConvertible {
        /// Stable and dotted, such as `project.not_found`: `docs/errors.md` lists those of the server. Of this client are `client.unreachable`
        /// and `client.answer_unreadable`.
        public let code: String
        /// The answer's status; nil when there was no answer.
        public let status: Int?
        /// What happened, and what to do.
        public let message: String
        /// Every invalid field at once.
        public var fields: [Field] = []
        /// Names the call in the server's log.
        public var requestID: String?
        /// When another try has a chance.
        public var retryAfter: Duration?
        /// What lay beneath.
        public var cause: (any Error)?

        /// An invalid field of what was sent.
        public struct Field: Codable, Sendable, Hashable {
            /// A JSON pointer into the body, or a parameter's name.
            public let pointer: String
            public let message: String
        }

        public var description: String {
            "\(code): \(message)" + fields.map { " \($0.pointer) \($0.message);" }.joined() + (requestID.map { " (request \($0))" } ?? "")
        }
    }
}

extension ParleyAPI.Problem {
    /// The problem document as it is on the wire.
    private struct Wire: Decodable {
        let code: String
        let title: String?
        let detail: String?
        let requestId: String?
        let errors: [Field]?
    }

    init(_ answer: ParleyAPI.Answered) {
        let problem = try? JSONForm.decode(Wire.self, answer.body)
        code = problem?.code ?? "http.\(answer.status)"
        status = answer.status
        message = problem?.detail ?? problem?.title ?? "The server answered with status \(answer.status)."
        fields = problem?.errors ?? []
        requestID = problem?.requestId ?? answer.header("X-Request-ID")
        retryAfter = answer.retryAfter
    }

    static func unreachable(_ cause: any Error) -> Self {
        Self(code: "client.unreachable", status: nil, message: "The server cannot be reached: \(cause).", cause: cause)
    }

    static func unreadable(_ answer: ParleyAPI.Answered, _ cause: any Error) -> Self {
        Self(
            code: "client.answer_unreadable", status: answer.status, message: "The server's answer could not be read: \(cause).",
            requestID: answer.header("X-Request-ID"), cause: cause)
    }

    /// Whether the same call may succeed in a moment.
    var isPassing: Bool {
        guard let status else { return code == "client.unreachable" }
        return [429, 502, 503, 504].contains(status) || code == "idempotency.in_progress"
    }
}

/// JSON as the API has it.
enum JSONForm {
    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: some DataProtocol) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            for hasFraction in [true, false] {
                if let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction).parse(text) { return date }
            }
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no RFC 3339 time")
        }
        return try decoder.decode(type, from: Data(bytes))
    }

    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(value)
    }
}
