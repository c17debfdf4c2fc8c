import Foundation
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
    let payload: JSONValue

    private struct Found: Codable {
        var passages: [Passage]
        var degraded: [Degradation]
    }

    init(kind: String, payload: JSONValue) { (self.kind, self.payload) = (kind, payload) }

    init(_ event: AnswerEvent) throws {
        switch event {
        case .retrieval(let passages, let degraded):
            try self.init(kind: "retrieval", payload: Self.json(Found(passages: passages, degraded: degraded)))
        case .text(let text): self.init(kind: "text", payload: .string(text))
        case .citation(let citation): try self.init(kind: "citation", payload: Self.json(citation))
        case .sentence(let check): try self.init(kind: "sentence", payload: Self.json(check))
        case .usage(let usage): try self.init(kind: "usage", payload: Self.json(usage))
        case .done: self.init(kind: "done", payload: .null)
        case .failed(let failure): try self.init(kind: "failed", payload: Self.json(failure))
        case .cancelled: self.init(kind: "cancelled", payload: .null)
        case .restarted(let attempt): self.init(kind: "restarted", payload: .int(Int64(attempt)))
        }
    }

    var event: AnswerEvent {
        get throws {
            switch kind {
            case "retrieval":
                let found: Found = try value()
                return .retrieval(found.passages, found.degraded)
            case "text": return .text(payload.string ?? "")
            case "citation": return .citation(try value())
            case "sentence": return .sentence(try value())
            case "usage": return .usage(try value())
            case "done": return .done
            case "failed": return .failed(try value())
            case "cancelled": return .cancelled
            default: return .restarted(attempt: Int(payload.int ?? 0))
            }
        }
    }

    private static func json(_ value: some Encodable) throws -> JSONValue { try JSONValue(parsing: JSONEncoder().encode(value)) }
    private func value<Value: Decodable>() throws -> Value { try JSONDecoder().decode(Value.self, from: Data(payload.text.utf8)) }
}
