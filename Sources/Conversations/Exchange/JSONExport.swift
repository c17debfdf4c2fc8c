import ParleyCore
import ParleyHTTP

/// A thread as JSON with every branch: what can be taken in again.
struct JSONExport {
    static let format = "parley.thread"
    let json: JSONValue

    init(_ export: ThreadExport) {
        json = [
            "format": .string(Self.format), "version": 1, "title": .string(export.thread.title),
            "created_at": .string(export.thread.createdAt.description), "messages": .array(export.messages.map(Self.message)),
        ]
    }

    private static func message(_ message: Message) -> JSONValue {
        let citations = message.outcome.citations.map { (try? JSONValue(parsing: Citation.schema.encode($0), .stored)) ?? .null }
        return [
            "id": .string(message.id.description), "parent_id": message.parent.map { .string($0.description) } ?? .null,
            "role": .string(message.role.rawValue), "content": .string(message.content), "state": .string(message.state.rawValue),
            "created_at": .string(message.createdAt.description), "model": message.outcome.model.map { .string($0) } ?? .null,
            "citations": .array(citations),
        ]
    }
}
