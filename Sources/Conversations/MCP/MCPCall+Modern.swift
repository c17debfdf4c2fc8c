import Foundation
import ParleyCore
import ParleyHTTP

/// What the revision 2026-07-28 asks of every request and every result.
extension MCPCall {
    /// How long a client may keep what it was told, in milliseconds.
    private static let keepable: [String: Int64] = [
        "server/discover": 3_600_000, "tools/list": 3_600_000, "resources/templates/list": 3_600_000, "resources/list": 5000,
        "resources/read": 5000,
    ]
    private static let named = ["tools/call": "name", "resources/read": "uri", "prompts/get": "name"]

    /// The request's `_meta`, and the headers that must say the same as its body.
    /// - Throws: `MCPFault`.
    func check(_ request: MCPRequest, header: String, _ http: EndpointRequest) throws {
        guard let meta = request.meta?.object, let version = meta[MCPMeta.version]?.string, meta[MCPMeta.clientCapabilities] != nil else {
            throw MCPFault(.invalidParams, "params._meta must hold \(MCPMeta.version) and \(MCPMeta.clientCapabilities).")
        }
        guard version == header else { throw Self.mismatch("MCP-Protocol-Version", "the revision in params._meta") }
        guard http.header("Mcp-Method") == request.method else { throw Self.mismatch("Mcp-Method", "the method") }
        if let key = Self.named[request.method], let name = request.params[key]?.string,
            http.header("Mcp-Name").flatMap(Self.decoded) != name
        {
            throw Self.mismatch("Mcp-Name", "params.\(key)")
        }
        guard MCPVersion.modern.contains(version) else { throw Self.unsupported(version) }
    }

    /// A result with its kind, how long it may be kept, and who gave it.
    func modern(_ result: JSONValue, _ method: String) -> JSONValue {
        var more: [String: JSONValue] = ["resultType": "complete", "_meta": .object([MCPMeta.serverInfo: server.info])]
        if let milliseconds = Self.keepable[method] { (more["ttlMs"], more["cacheScope"]) = (.int(milliseconds), "private") }
        return result.with(more)
    }

    static func unsupported(_ version: String) -> MCPFault {
        MCPFault(
            .unsupportedVersion, "Unsupported protocol version",
            data: ["supported": .array(MCPVersion.all.map { .string($0) }), "requested": .string(version)])
    }

    private static func mismatch(_ header: String, _ what: String) -> MCPFault {
        MCPFault(.headerMismatch, "The header \(header) must be \(what).")
    }

    /// A header's value; one that is no plain ASCII comes as `=?base64?…?=`.
    private static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.count >= 11 else { return value }
        return Data(base64Encoded: String(value.dropFirst(9).dropLast(2))).flatMap { String(data: $0, encoding: .utf8) }
    }
}
