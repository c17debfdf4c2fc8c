import ParleyCore

/// A JSON-RPC 2.0 message from a client.
enum MCPMessage: Sendable {
    case request(MCPRequest)
    case notification(method: String, params: JSONValue)
    /// An answer to a request of ours; we send none, so it is passed over.
    case response

    /// - Throws: `MCPFault` when it is none of these.
    init(_ json: JSONValue) throws {
        guard let members = json.object, members["jsonrpc"]?.string == "2.0" else {
            throw MCPFault(.invalidRequest, "The body must be a JSON-RPC 2.0 message.")
        }
        let params = members["params"] ?? .object([:])
        guard let method = members["method"]?.string else {
            guard members["result"] != nil || members["error"] != nil else {
                throw MCPFault(.invalidRequest, "The message has no method.")
            }
            self = .response
            return
        }
        guard let id = members["id"] else {
            self = .notification(method: method, params: params)
            return
        }
        guard id.string != nil || id.int != nil else { throw MCPFault(.invalidRequest, "The id must be a text or a whole number.") }
        guard params.object != nil else { throw MCPFault(.invalidParams, "The params must be an object.", id: id) }
        self = .request(MCPRequest(id: id, method: method, params: params))
    }
}

/// A request of a client.
struct MCPRequest: Sendable {
    let id: JSONValue
    let method: String
    let params: JSONValue

    var meta: JSONValue? { params["_meta"] }
    /// Where the client wants to hear of progress.
    var progressToken: JSONValue? { meta?["progressToken"] }

    func reply(_ result: JSONValue) -> JSONValue { ["jsonrpc": "2.0", "id": id, "result": result] }

    /// A text among the params.
    /// - Throws: `MCPFault` when it is missing.
    func text(_ name: String) throws -> String {
        guard let text = params[name]?.string else { throw MCPFault(.invalidParams, "The param \(name) must be a text.") }
        return text
    }
}

/// What went wrong, as JSON-RPC tells it.
struct MCPFault: Error {
    enum Code: Int64 {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case internalError = -32603
        case headerMismatch = -32020
        case unsupportedVersion = -32022
        /// Of the revisions before 2026-07-28.
        case resourceNotFound = -32002
        /// Anything that our own codes tell better.
        case server = -32000
    }

    let code: Code
    let message: String
    var data: JSONValue?
    var id: JSONValue = .null

    init(_ code: Code, _ message: String, data: JSONValue? = nil, id: JSONValue = .null) {
        (self.code, self.message, self.data, self.id) = (code, message, data, id)
    }

    /// One of our errors.
    init(_ error: ParleyError, id: JSONValue = .null) {
        let code: Code =
            switch error.code.kind {
            case .invalid: .invalidRequest
            case .unprocessable: .invalidParams
            case .internalFailure: .internalError
            default: .server
            }
        self.init(code, error.message, data: ["code": .string(error.code.name)], id: id)
    }

    /// The status that the newest revision wants with it; earlier ones answer a request with 200.
    var status: Int {
        switch code {
        case .methodNotFound: 404
        case .parseError, .invalidRequest, .invalidParams, .headerMismatch, .unsupportedVersion: 400
        case .internalError, .resourceNotFound, .server: 200
        }
    }

    func reply(to id: JSONValue? = nil) -> JSONValue {
        var error: [String: JSONValue] = ["code": .int(code.rawValue), "message": .string(message)]
        error["data"] = data
        return ["jsonrpc": "2.0", "id": id ?? self.id, "error": .object(error)]
    }
}
