/// What an identifier names; its prefix stands in front of every identifier of the kind.
public protocol IdentifierKind: Sendable {
    static var prefix: String { get }
}

/// A typed, prefixed, sortable identifier: a UUIDv7 (RFC 9562) in Crockford base 32, e.g. `prj_06ARZ3NDEKTSV4RRFFQ69G5FAV`.
/// Identifiers made later sort after earlier ones to the millisecond. They are names, never secrets.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, LosslessStringConvertible, Comparable {
    @usableFromInline let bits: IdentifierBits

    /// A new identifier made at this moment.
    public init(at moment: Timestamp) {
        var random = SystemRandomNumberGenerator()
        let high = UInt64(bitPattern: moment.milliseconds) << 16 | 0x7000 | (random.next() & 0x0FFF)
        bits = IdentifierBits(high: high, low: 0x8000_0000_0000_0000 | (random.next() >> 2))
    }

    /// Nil when the text is not an identifier of this kind.
    @inlinable public init?(_ text: String) {
        var text = text
        guard let bits = text.withUTF8({ IdentifierBits($0, after: Kind.prefix) }) else { return nil }
        self.bits = bits
    }

    /// Prefix, underscore, 26 characters.
    @inlinable public var description: String { bits.text(after: Kind.prefix) }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.bits < b.bits }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not an identifier \(Kind.prefix)_…"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

public enum UserKind: IdentifierKind { public static let prefix = "usr" }
public enum SessionKind: IdentifierKind { public static let prefix = "ses" }
public enum KeyKind: IdentifierKind { public static let prefix = "key" }
public enum ProjectKind: IdentifierKind { public static let prefix = "prj" }
public enum DocumentKind: IdentifierKind { public static let prefix = "doc" }
public enum RevisionKind: IdentifierKind { public static let prefix = "rev" }
public enum ChunkKind: IdentifierKind { public static let prefix = "chk" }
public enum SpaceKind: IdentifierKind { public static let prefix = "spc" }
public enum ThreadKind: IdentifierKind { public static let prefix = "thr" }
public enum MessageKind: IdentifierKind { public static let prefix = "msg" }
public enum JobKind: IdentifierKind { public static let prefix = "job" }
public enum EventKind: IdentifierKind { public static let prefix = "evt" }
public enum RequestKind: IdentifierKind { public static let prefix = "req" }

public typealias UserID = Identifier<UserKind>
public typealias SessionID = Identifier<SessionKind>
public typealias KeyID = Identifier<KeyKind>
public typealias ProjectID = Identifier<ProjectKind>
public typealias DocumentID = Identifier<DocumentKind>
public typealias RevisionID = Identifier<RevisionKind>
public typealias ChunkID = Identifier<ChunkKind>
public typealias SpaceID = Identifier<SpaceKind>
public typealias ThreadID = Identifier<ThreadKind>
public typealias MessageID = Identifier<MessageKind>
public typealias JobID = Identifier<JobKind>
public typealias EventID = Identifier<EventKind>
public typealias RequestID = Identifier<RequestKind>
