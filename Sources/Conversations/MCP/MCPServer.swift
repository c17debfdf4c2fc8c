import ParleyAuthority
import ParleyCore

/// Answers requests of the Model Context Protocol, whichever way they came.
struct MCPServer: Sendable {
    let tools: MCPTools
    let resources: MCPResources
    let version: String

    /// What comes of a request.
    enum Outcome: Sendable {
        case result(JSONValue)
        /// An answer is being made; its end is the result.
        case running(MCPRunning)
    }

    /// - Throws: `MCPFault`, or what the services throw.
    func answer(_ request: MCPRequest, isModern: Bool, _ caller: Scope<ProtocolsUse>) async throws -> Outcome {
        switch request.method {
        case "server/discover" where isModern: return .result(discovery)
        case "ping" where !isModern: return .result([:])
        case "tools/list": return .result(["tools": MCPToolList.json])
        case "tools/call": return try await call(request, caller)
        case "resources/list": return .result(try await resources.list(after: request.params["cursor"]?.string, caller))
        case "resources/templates/list": return .result(MCPResources.templates)
        case "resources/read":
            let missing: MCPFault.Code = isModern ? .invalidParams : .resourceNotFound
            return .result(try await resources.read(request.text("uri"), missing: missing, caller))
        default: throw MCPFault(.methodNotFound, "There is no method \(request.method) here.")
        }
    }

    /// What a client of this revision is told about the server.
    func initialization(_ version: String) -> JSONValue {
        ["protocolVersion": .string(version), "capabilities": Self.capabilities, "serverInfo": info, "instructions": Self.instructions]
    }

    var info: JSONValue { ["name": "parley", "title": "Parley", "version": .string(version)] }

    private var discovery: JSONValue {
        [
            "supportedVersions": .array(MCPVersion.all.map { .string($0) }), "capabilities": Self.capabilities,
            "instructions": Self.instructions,
        ]
    }

    private static let capabilities: JSONValue = ["tools": [:], "resources": ["subscribe": true, "listChanged": true]]
    private static let instructions: JSONValue = """
        Parley holds documents in projects. Use search to find passages, read to read on around them, and ask for an answer that cites \
        the documents. Quote the documents when you rest on them, and name document and page.
        """

    private func call(_ request: MCPRequest, _ caller: Scope<ProtocolsUse>) async throws -> Outcome {
        let name = try request.text("name")
        let arguments = MCPArguments(values: request.params["arguments"]?.object ?? [:])
        do {
            if name == "ask" { return .running(try await tools.ask(arguments, caller)) }
            guard let result = try await tools.call(name, arguments, caller) else {
                throw MCPFault(.invalidParams, "There is no tool \(name).")
            }
            return .result(result.json)
        } catch let fault as MCPToolFault {
            return .result(MCPToolResult(text: fault.message, isError: true).json)
        } catch let error as ParleyError where !error.code.isFault {
            return .result(MCPToolResult(text: error.message, isError: true).json)
        }
    }
}

extension JSONValue {
    /// The members of an object with these beside them; those that are there stay.
    func with(_ more: [String: JSONValue]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.merging(more) { own, _ in own })
    }
}
