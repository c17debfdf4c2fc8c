import ParleyCore
import ParleyDatabase
import Retrieval

/// The stored form of an answer's events.
struct AnswerEventStore: Sendable {
    func append(_ events: [NumberedAnswerEvent], of message: MessageID, in connection: Connection) throws {
        for numbered in events {
            let row = try AnswerEventRow(numbered.event)
            try connection.execute(
                """
                INSERT INTO answer_events (message_id, number, kind, payload)
                VALUES (\(message), \(numbered.number), \(row.kind), \(row.payload)) ON CONFLICT (message_id, number) DO NOTHING
                """)
        }
    }

    func events(of message: MessageID, after number: Int, in connection: Connection) throws -> [NumberedAnswerEvent] {
        try connection.rows(
            "SELECT number, kind, payload FROM answer_events WHERE message_id = \(message) AND number > \(number) ORDER BY number"
        ).map { row in
            let event = try AnswerEventRow(kind: row["kind"], payload: row["payload"]).event
            return NumberedAnswerEvent(number: try row["number"], event: event)
        }
    }
}

/// An event as kind and payload.
private struct AnswerEventRow {
    let kind: String
    let payload: JSONText

    private struct Found: Codable {
        var passages: [Passage]
        var degraded: [Degradation]
        var manner: AnswerManner?
    }

    init(kind: String, payload: JSONText) { (self.kind, self.payload) = (kind, payload) }

    init(_ event: AnswerEvent) throws {
        switch event {
        case .retrieval(let passages, let degraded, let manner):
            try self.init(kind: "retrieval", payload: JSONText(Found(passages: passages, degraded: degraded, manner: manner)))
        case .text(let text): try self.init(kind: "text", payload: JSONText(text))
        case .citation(let citation): try self.init(kind: "citation", payload: JSONText(citation))
        case .sentence(let check): try self.init(kind: "sentence", payload: JSONText(check))
        case .usage(let usage): try self.init(kind: "usage", payload: JSONText(usage))
        case .done: try self.init(kind: "done", payload: Self.nothing())
        case .failed(let failure): try self.init(kind: "failed", payload: JSONText(failure))
        case .cancelled: try self.init(kind: "cancelled", payload: Self.nothing())
        case .restarted(let attempt): try self.init(kind: "restarted", payload: JSONText(attempt))
        }
    }

    var event: AnswerEvent {
        get throws {
            switch kind {
            case "retrieval":
                let found: Found = try payload.value()
                return .retrieval(found.passages, found.degraded, found.manner)
            case "text": return .text(try payload.value())
            case "citation": return .citation(try payload.value())
            case "sentence": return .sentence(try payload.value())
            case "usage": return .usage(try payload.value())
            case "done": return .done
            case "failed": return .failed(try payload.value())
            case "cancelled": return .cancelled
            default: return .restarted(attempt: try payload.value())
            }
        }
    }

    private static func nothing() throws -> JSONText { try JSONText(JSONValue.null) }
}
