import NIOCore
import ParleyAuthority
public import ParleyCore
import ParleyDatabase
import ParleyHTTP

/// Writes threads out, and takes in those of other programs.
public struct ThreadExchange: Sendable {
    private static let mostMessages = 20_000
    /// In all threads that are taken in together: they are one transaction.
    private static let mostTaken = 50_000
    /// Exports hold the messages of a thread as members of one object, or each within the one before.
    private static let limits = JSONLimits(depth: 512, members: mostTaken, values: 4_000_000)
    static let longestImport = 64 << 20
    private let service: ConversationService

    public init(_ service: ConversationService) { self.service = service }

    /// - Throws: `thread.not_found`.
    func export(_ id: ThreadID, _ scope: ProjectScope<ThreadsUse>) async throws -> ThreadExport {
        let thread = try await service.thread(id, scope)
        return ThreadExport(
            thread: thread, messages: try await service.messages(ListQuery(limit: Self.mostMessages), of: id, scope).items)
    }

    /// Takes in every conversation of an export, each as a thread of the caller's, all or none.
    /// - Throws: `import.unknown_format`.
    func take(_ bytes: [UInt8], _ scope: ProjectScope<ThreadsUse>) async throws -> ImportReport {
        let now = service.clock.now()
        let (taken, skipped) = try await onWorkerThread(from: bytes.count) {
            let (found, skipped) = try Self.read(bytes)
            return (try found.map { try Taken($0, at: now, scope) }, skipped)
        }
        try await service.database.write { connection in
            for taken in taken {
                try service.threads.insert(taken.thread, in: connection)
                try service.tell("thread.added", taken.thread.id.description, scope, in: connection)
                for row in taken.rows { try connection.execute(row) }
            }
        }
        return ImportReport(threads: taken.map(\.thread), skipped: skipped)
    }

    typealias Turns = [(turn: ForeignConversation.Turn, parent: Int?)]

    /// The conversations that say something, and how many do not.
    private static func read(_ bytes: [UInt8]) throws -> (found: [(conversation: ForeignConversation, turns: Turns)], skipped: Int) {
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: bytes, limits) } catch {
            throw ParleyError(
                .importUnknown, "The file cannot be read as JSON: \(error). Unpack the export and send the JSON file in it.")
        }
        let all = try ForeignExport.conversations(json)
        let found = all.map { ($0, $0.ordered) }.filter { !$0.1.isEmpty }
        guard !found.isEmpty else {
            throw ParleyError(.importUnknown, "The export's conversations hold no messages that can be read. Nothing was taken in.")
        }
        guard found.reduce(0, { $0 + $1.1.count }) <= mostTaken else {
            throw ParleyError(.importUnknown, "The export holds more than \(mostTaken) messages; split it.")
        }
        return (found, all.count - found.count)
    }

    /// One conversation, ready to be written.
    private struct Taken: Sendable {
        let thread: ChatThread
        let rows: [SQL]

        init(_ found: (conversation: ForeignConversation, turns: Turns), at now: Timestamp, _ scope: ProjectScope<ThreadsUse>) throws {
            let (conversation, turns) = found
            let begun = min(conversation.at ?? turns.compactMap(\.turn.at).min() ?? now, now)
            let thread = ChatThread(
                id: ThreadID(at: begun), project: scope.project, owner: scope.principal.user,
                title: ThreadExchange.title(conversation.title, turns.first?.turn.text ?? ""), createdAt: begun, updatedAt: now)
            var (rows, ids): ([SQL], [MessageID]) = ([], [])
            for (index, item) in turns.enumerated() {
                guard let role = item.turn.role else { continue }
                let message = Message(
                    id: MessageID(at: begun + .milliseconds(index)), thread: thread.id, parent: item.parent.map { ids[$0] }, role: role,
                    content: item.turn.text, state: .complete, outcome: AnswerOutcome(), job: nil, attempt: 0,
                    createdAt: item.turn.at ?? begun)
                rows.append(try MessageStore.insertion(of: message))
                ids.append(message.id)
            }
            (self.thread, self.rows) = (thread, rows)
        }
    }

    private static func title(_ title: String, _ question: String) -> String {
        let line = ShownText.line(title)
        return line.isEmpty ? ConversationService.title(for: question) : ChatThread.titleLength.fitted(line)
    }
}

extension ErrorCode {
    public static let importUnknown = Self("import.unknown_format", .unprocessable, "The export cannot be read")
}
