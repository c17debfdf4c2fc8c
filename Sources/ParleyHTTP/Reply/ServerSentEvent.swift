public import ParleyCore

/// One event of a stream (WHATWG HTML, §9.2 Server-sent events).
public struct ServerSentEvent: Sendable {
    /// Its kind; empty for none, as foreign protocols have it.
    public let event: String
    public let id: String?
    /// JSON text.
    let data: [UInt8]

    /// - Parameters:
    ///   - event: its kind, e.g. `answer.delta`.
    ///   - id: what a client sends as `Last-Event-ID` to go on after this event.
    public init<Value>(_ event: String, id: String? = nil, data: Value, _ schema: Schema<Value>) {
        (self.event, self.id, self.data) = (event, id, schema.encode(data))
    }

    public init(_ event: String, id: String? = nil, json: JSONValue) { self.init(event, id: id, data: json, .json()) }

    /// Data that is no JSON and has one line, such as the mark at the end of a foreign protocol's stream.
    public init(text: String) { (event, id, data) = ("", nil, Array(Self.oneLine(text).utf8)) }

    init(_ event: String, problem: Problem) { (self.event, id, data) = (event, nil, problem.bytes) }

    /// The event as it stands on the wire. JSON text has no line breaks, and those in names are dropped.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        if let id { bytes += Array("id: \(Self.oneLine(id))\n".utf8) }
        if !event.isEmpty { bytes += Array("event: \(Self.oneLine(event))\n".utf8) }
        bytes += Array("data: ".utf8)
        return bytes + data + [0x0A, 0x0A]
    }

    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" })
    }
}

/// A sequence of events without its type.
struct EventSource: Sendable {
    /// Gives each event to the closure until the sequence ends or the task is cancelled.
    let deliver: @Sendable (_ body: @Sendable (ServerSentEvent) async throws -> Void) async throws -> Void

    init<Source: AsyncSequence & Sendable>(_ source: Source) where Source.Element == ServerSentEvent {
        deliver = { body in for try await event in source { try await body(event) } }
    }
}
