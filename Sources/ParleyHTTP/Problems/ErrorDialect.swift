import HTTPTypes
import Hummingbird
import NIOCore
public import ParleyCore

/// How an endpoint tells an error: as a problem document, or as the foreign protocol that it speaks has it.
public struct ErrorDialect: Sendable {
    let body: (@Sendable (ParleyError, Int, String) -> JSONValue)?

    /// Problem documents (RFC 9457).
    public static let problem = Self(body: nil)

    /// Another form of body; status and headers stay the same.
    /// - Parameter body: makes it of the error, its status and the request's id.
    public static func json(_ body: @escaping @Sendable (ParleyError, _ status: Int, _ requestID: String) -> JSONValue) -> Self {
        Self(body: body)
    }

    func response(_ problem: Problem) -> Response {
        var response = problem.response
        guard let body else { return response }
        response.headers[.contentType] = "application/json"
        let text = body(problem.error, problem.status, problem.requestID).text
        response.body = .init(byteBuffer: ByteBuffer(string: text))
        return response
    }
}

extension Endpoint {
    /// The same endpoint with errors in a foreign protocol's form.
    public func speaking(_ dialect: ErrorDialect) -> Endpoint {
        var endpoint = self
        endpoint.dialect = dialect
        return endpoint
    }
}
