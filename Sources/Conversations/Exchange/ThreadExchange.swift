import NIOCore
import ParleyAuthority
public import ParleyCore
import ParleyDatabase
import ParleyHTTP

/// Writes threads out, and takes in those of other programs.
public struct ThreadExchange: Sendable {
    private static let mostMessages = 20_000
    static let longestImport = 64 << 20
    private let service: ConversationService

    public init(_ service: ConversationService) { self.service = service }

    /// - Throws: `thread.not_found`.
    func export(_ id: ThreadID, _ scope: ProjectScope) async throws -> ThreadExport {
        let thread = try await service.thread(id, scope)
        return ThreadExport(
            thread: thread, messages: try await service.messages(ListQuery(limit: Self.mostMessages), of: id, scope).items)
    }

    /// Takes in every conversation of an export, each as a thread of the caller's, all or none.
    /// - Throws: `import.unknown_format`, `input.invalid`.
    func take(_ bytes: [UInt8], _ scope: ProjectScope) async throws -> [ChatThread] {
        guard let json = try? JSONValue(parsing: bytes) else {
            throw ParleyError(.importUnknown, "The file is no JSON. Unpack the export and send the JSON file in it.")
        }
        let found = try ForeignExport.conversations(json).map { ($0, $0.ordered) }.filter { !$0.1.isEmpty }
        let now = service.clock.now()
        return try await service.database.write { connection in
            try found.map { conversation, turns in
                let begun = min(conversation.at ?? turns.compactMap(\.turn.at).min() ?? now, now)
                let thread = ChatThread(
                    id: ThreadID(at: begun), project: scope.project, owner: scope.principal.user,
                    title: Self.title(conversation.title, turns.first?.turn.text ?? ""), createdAt: begun, updatedAt: now)
                try service.threads.insert(thread, in: connection)
                try service.tell("thread.added", thread.id.description, scope, in: connection)
                try insert(turns, thread, connection)
                return thread
            }
        }
    }

    private func insert(_ turns: [(turn: ForeignConversation.Turn, parent: Int?)], _ thread: ChatThread, _ connection: Connection) throws {
        var ids: [MessageID] = []
        for (index, item) in turns.enumerated() {
            guard let role = item.turn.role else { continue }
            let message = Message(
                id: MessageID(at: thread.createdAt + .milliseconds(index)), thread: thread.id, parent: item.parent.map { ids[$0] },
                role: role, content: item.turn.text, state: .complete, outcome: AnswerOutcome(), job: nil, attempt: 0,
                createdAt: item.turn.at ?? thread.createdAt)
            try service.messages.insert(message, in: connection)
            ids.append(message.id)
        }
    }

    private static func title(_ title: String, _ question: String) -> String {
        let line = ShownText.line(title)
        return line.isEmpty ? ConversationService.title(for: question) : String(line.unicodeScalars.prefix(200))
    }
}

extension ErrorCode {
    public static let importUnknown = Self("import.unknown_format", .unprocessable, "The export cannot be read")
}
