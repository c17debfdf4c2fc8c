import HTTPTypes
import Hummingbird
import NIOCore
public import ParleyCore

/// How an endpoint tells an error: as a problem document, or as the foreign protocol that it speaks has it.
public struct ErrorDialect: Sendable {
    /// An answer in a foreign protocol's form.
    public struct Answer: Sendable {
        let status: Int
        let body: JSONValue

        public init(status: Int, _ body: JSONValue) { (self.status, self.body) = (status, body) }
    }

    let answer: (@Sendable (ParleyError, Int) -> Answer)?

    /// Problem documents (RFC 9457).
    public static let problem = Self(answer: nil)

    /// Another form; headers such as `Retry-After` stay.
    /// - Parameter answer: makes it of the error and the status that it has with us.
    public static func json(_ answer: @escaping @Sendable (ParleyError, _ status: Int) -> Answer) -> Self { Self(answer: answer) }

    func response(_ problem: Problem) -> Response {
        let ours = problem.response
        guard let answer = answer?(problem.error, problem.status) else { return ours }
        var headers = ours.headers
        headers[.contentType] = "application/json"
        headers[.contentLength] = nil
        return Response(
            status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: answer.body.text)))
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
