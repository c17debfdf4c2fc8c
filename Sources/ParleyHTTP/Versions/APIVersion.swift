public import ParleyCore

/// A dated version of the API within `/v1`: what a client that names it in `Parley-Version` gets, for good.
public struct APIVersion: Sendable {
    /// `2026-11-23`: the day from which it holds.
    public let date: String
    public let title: String
    /// How it differs from the version before.
    public let changes: [APIChange]

    public init(_ date: String, _ title: String, changes: [APIChange] = []) {
        (self.date, self.title, self.changes) = (date, title, changes)
    }
}

/// One difference between a version and the one before, and how to undo it for clients that stay with the older one.
///
/// Handlers know the newest version alone. What an older client sends is brought forward by each later version's changes in turn, and the
/// answer is brought back by them in reverse. Streams and events are not changed this way.
public struct APIChange: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case added, changed, deprecated, removed, fixed }

    public let kind: Kind
    public let summary: String
    /// The ids of the endpoints that it is about.
    public let endpoints: [String]
    let forward: @Sendable (JSONValue) -> JSONValue
    let back: @Sendable (JSONValue) -> JSONValue

    /// - Parameters:
    ///   - forward: an older body as the handler takes it.
    ///   - back: the handler's answer as older clients know it.
    public init(
        _ kind: Kind, _ summary: String, endpoints: [String], forward: @escaping @Sendable (JSONValue) -> JSONValue = { $0 },
        back: @escaping @Sendable (JSONValue) -> JSONValue = { $0 }
    ) {
        (self.kind, self.summary, self.endpoints) = (kind, summary, endpoints)
        (self.forward, self.back) = (forward, back)
    }
}

extension APIChange {
    /// Applies a function to each of what an answer holds: a page's items, or the one value.
    public static func each(_ change: @escaping @Sendable (JSONValue) -> JSONValue) -> @Sendable (JSONValue) -> JSONValue {
        { value in
            guard case .object(var members) = value, let items = members["items"]?.array, members["page"] != nil else {
                return change(value)
            }
            members["items"] = .array(items.map(change))
            return .object(members)
        }
    }

    /// Gives a member another name; a value without it stays as it is.
    public static func renaming(_ name: String, to other: String) -> @Sendable (JSONValue) -> JSONValue {
        { value in
            guard case .object(var members) = value, let member = members.removeValue(forKey: name) else { return value }
            members[other] = member
            return .object(members)
        }
    }
}
