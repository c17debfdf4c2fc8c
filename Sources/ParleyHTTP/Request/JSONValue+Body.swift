import ParleyCore

extension JSONValue {
    /// The value that a body holds.
    /// - Throws: `request.malformed_json` with line and column, also for a body past the limits.
    init(body bytes: some Sequence<UInt8>, _ limits: JSONLimits = JSONLimits()) throws(ParleyError) {
        do throws(JSONError) { self = try JSONValue(parsing: bytes, limits) } catch { throw ParleyError(body: error) }
    }

    /// The values that a body holds, one a line.
    /// - Throws: `request.malformed_json` with line and column, also for a body past the limits.
    static func lines(ofBody bytes: some Sequence<UInt8>, _ limits: JSONLimits) throws(ParleyError) -> [JSONValue] {
        do throws(JSONError) { return try JSONValue.lines(parsing: bytes, limits) } catch { throw ParleyError(body: error) }
    }
}

extension ParleyError {
    fileprivate init(body error: JSONError) { self.init(.malformedJSON, "The body is not valid JSON: \(error).") }
}
