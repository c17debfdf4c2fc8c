/// One event of an event stream (WHATWG HTML, section 9.2).
public struct ReceivedEvent: Sendable, Hashable {
    /// `message` unless the stream names another.
    public let type: String
    public let data: String
    /// The last event id in force; nil while the stream gave none.
    public let id: String?
    /// The reconnection time in force, in milliseconds; nil while the stream gave none.
    public let retry: Int?

    public init(type: String = "message", data: String, id: String? = nil, retry: Int? = nil) {
        (self.type, self.data, self.id, self.retry) = (type, data, id, retry)
    }
}
