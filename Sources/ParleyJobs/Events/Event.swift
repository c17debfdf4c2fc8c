public import ParleyCore

/// Something that happened, told in the transaction that made it happen.
public struct EventDraft: Sendable, Hashable {
    /// Dotted, e.g. `document.ready`.
    public let kind: String
    public let project: ProjectID?
    /// The id of what it happened to.
    public let subject: String
    /// Who did it; nil for the server itself.
    public let actor: UserID?
    public let payload: JSONValue

    public init(kind: String, project: ProjectID?, subject: String, actor: UserID?, payload: JSONValue) {
        (self.kind, self.project, self.subject, self.actor, self.payload) = (kind, project, subject, actor, payload)
    }
}

/// An event of the spine.
public struct Event: Sendable, Hashable {
    public let position: EventPosition
    public let id: EventID
    public let kind: String
    public let project: ProjectID?
    public let subject: String
    public let actor: UserID?
    public let payload: JSONValue
    public let at: Timestamp
}

/// A place in the feed. Ordered by transaction, then by number: on PostgreSQL numbers alone commit out of order.
public struct EventPosition: Hashable, Comparable, Sendable, LosslessStringConvertible {
    let transaction: Int64
    let number: Int64

    /// Before everything.
    public static let start = EventPosition(transaction: 0, number: 0)

    init(transaction: Int64, number: Int64) { (self.transaction, self.number) = (transaction, number) }

    /// What `description` gave.
    public init?(_ text: String) {
        let parts = text.split(separator: "-").map { Int64($0) }
        guard parts.count == 2, let transaction = parts[0], let number = parts[1] else { return nil }
        self.init(transaction: transaction, number: number)
    }

    public var description: String { "\(transaction)-\(number)" }

    public static func < (a: Self, b: Self) -> Bool { (a.transaction, a.number) < (b.transaction, b.number) }
}
