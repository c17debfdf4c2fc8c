import HTTPTypes
import Hummingbird
import ParleyCore

extension Request {
    /// Refuses what two servers could read in two ways. The parser has refused most of it: two lengths, a length beside a transfer
    /// coding, headers over several lines, spaces before a colon, control characters.
    /// - Throws: `request.malformed`.
    func checkForm() throws(ParleyError) {
        guard headers[values: .secondHost].isEmpty else {
            throw ParleyError(.malformedRequest, "The request names more than one host.")
        }
        if let coding = headers[.transferEncoding], coding.lowercased() != "chunked" {
            throw ParleyError(.malformedRequest, "The only transfer coding that is understood here is chunked.")
        }
    }
}
