/// Reads an event stream from its bytes, however they are cut (WHATWG HTML, section 9.2.6). A state machine without input or output.
public struct EventStreamDecoder: Sendable {
    /// An event or a line was longer than the limit.
    public struct TooLarge: Error {
        /// In bytes.
        public let limit: Int
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let maxEventBytes: Int
    private var line: [UInt8] = []
    private var isFirstLine = true
    private var afterCarriageReturn = false
    private var type = ""
    private var data: [UInt8] = []
    /// True once the event has a `data` field, which may be empty.
    private var hasData = false
    private var pendingID: String?

    /// What a reconnection sends as `Last-Event-ID`; empty while there is none.
    public private(set) var lastEventID = ""
    /// Milliseconds to wait before a reconnection, where the stream said so.
    public private(set) var reconnectionTime: Int?

    /// - Parameter maxEventBytes: an event, or a line, longer than this ends the stream.
    public init(maxEventBytes: Int = 1 << 20) { self.maxEventBytes = maxEventBytes }

    /// The events that these bytes complete. An event that the stream's end cuts off is never given.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws(TooLarge) -> [ReceivedEvent] {
        var events: [ReceivedEvent] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n"), afterCarriageReturn {
                afterCarriageReturn = false
                continue
            }
            afterCarriageReturn = byte == UInt8(ascii: "\r")
            if byte == UInt8(ascii: "\n") || afterCarriageReturn {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                if line.count + data.count > maxEventBytes { throw TooLarge(limit: maxEventBytes) }
            }
        }
        return events
    }

    private mutating func endLine() -> ReceivedEvent? {
        var whole = line[...]
        if isFirstLine, whole.starts(with: Self.byteOrderMark) { whole = whole.dropFirst(3) }
        isFirstLine = false
        defer { line.removeAll(keepingCapacity: true) }
        if whole.isEmpty { return dispatch() }
        let name = whole.prefix { $0 != UInt8(ascii: ":") }
        var value = whole[name.endIndex...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        // No field that is known has a longer name.
        take(field: String(decoding: name.prefix(6), as: UTF8.self), value)
        return nil
    }

    private mutating func take(field: String, _ value: ArraySlice<UInt8>) {
        switch field {
        case "event": type = String(decoding: value, as: UTF8.self).streamSafe
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            data += value
            hasData = true
        case "id":
            if !value.contains(0) { pendingID = String(decoding: value, as: UTF8.self) }
        case "retry":
            let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            if isNumber, let time = Int(String(decoding: value, as: UTF8.self)) { reconnectionTime = time }
        default: break
        }
    }

    /// At a blank line: the event, unless it has no data.
    private mutating func dispatch() -> ReceivedEvent? {
        defer {
            type = ""
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        if let pendingID { lastEventID = pendingID }
        guard hasData else { return nil }
        return ReceivedEvent(
            type: type.isEmpty ? "message" : type, data: String(decoding: data, as: UTF8.self),
            id: pendingID == nil ? nil : lastEventID, retry: reconnectionTime)
    }
}
