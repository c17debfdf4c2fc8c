import ParleyAuthority
import ParleyCore
import ParleyHTTP

/// An answer as the messages of a stream: progress where the client asked for it, and the call's result at the end.
struct MCPAnswerEncoder: AnswerEncoder {
    let request: MCPRequest
    let running: MCPRunning
    /// Finishes a result as the revision has it.
    let finish: @Sendable (JSONValue) -> JSONValue
    /// Called once nothing more comes.
    let onEnd: @Sendable () -> Void
    private var steps = 0

    init(
        _ request: MCPRequest, _ running: MCPRunning, finish: @escaping @Sendable (JSONValue) -> JSONValue,
        onEnd: @escaping @Sendable () -> Void
    ) {
        (self.request, self.running, self.finish, self.onEnd) = (request, running, finish, onEnd)
    }

    mutating func encode(_ event: AnswerEvent) -> [ServerSentEvent] {
        switch event {
        case .retrieval(let passages, _, _): progress("\(passages.count) passages found")
        case .citation(let citation): progress("“\(citation.quote)” (\(citation.documentName))")
        default: []
        }
    }

    mutating func end(_ message: Message) -> [ServerSentEvent] {
        onEnd()
        let result = MCPTools.result(message, running.scope.project, isMarked: running.isMarked)
        return [event(request.reply(finish(result.json)))]
    }

    mutating func fail(_ error: ParleyError) -> [ServerSentEvent] {
        onEnd()
        return [event(request.reply(finish(MCPToolResult(text: error.message, isError: true).json)))]
    }

    private mutating func progress(_ words: String) -> [ServerSentEvent] {
        guard let token = request.progressToken else { return [] }
        steps += 1
        let params: JSONValue = ["progressToken": token, "progress": .int(Int64(steps)), "message": .string(words)]
        return [event(["jsonrpc": "2.0", "method": "notifications/progress", "params": params])]
    }

    private func event(_ message: JSONValue) -> ServerSentEvent { ServerSentEvent("message", json: message) }
}
