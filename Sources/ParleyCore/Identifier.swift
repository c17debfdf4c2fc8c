/// What an identifier names; its prefix stands in front of every identifier of the kind.
public protocol IdentifierKind: Sendable {
    static var prefix: String { get }
}

/// A typed, prefixed, sortable identifier: a UUIDv7 (RFC 9562) in Crockford base 32, e.g. `prj_06ARZ3NDEKTSV4RRFFQ69G5FAV`.
/// Identifiers made later sort after earlier ones to the millisecond. They are names, never secrets.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, LosslessStringConvertible, Comparable {
    /// Prefix, underscore, 26 characters.
    public let description: String

    /// A new identifier made at this moment.
    public init(at moment: Timestamp) {
        var random = SystemRandomNumberGenerator()
        let high = UInt64(bitPattern: moment.milliseconds) << 16 | 0x7000 | (random.next() & 0x0FFF)
        let low = 0x8000_0000_0000_0000 | (random.next() >> 2)
        description = Kind.prefix + "_" + Crockford.encode(high, low)
    }

    /// Nil when the text is not an identifier of this kind.
    @inlinable public init?(_ text: String) {
        var text = text
        guard text.withUTF8({ Crockford.isValid($0, after: Kind.prefix) }) else { return nil }
        description = text
    }

    public static func < (a: Self, b: Self) -> Bool { a.description < b.description }
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

@usableFromInline enum Crockford {
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    static func encode(_ high: UInt64, _ low: UInt64) -> String {
        var value = UInt128(high) << 64 | UInt128(low)
        var bytes = [UInt8](repeating: 0, count: 26)
        for index in stride(from: 25, through: 0, by: -1) {
            bytes[index] = alphabet[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A bit for each ASCII character of the alphabet.
    private static let characters = alphabet.reduce(UInt128(0)) { $0 | UInt128(1) << UInt128($1) }

    /// Whether the text is the prefix, an underscore, and 26 characters that make 128 bits.
    @usableFromInline static func isValid(_ text: UnsafeBufferPointer<UInt8>, after prefix: String) -> Bool {
        let length = prefix.utf8.count
        guard text.count == length + 27, text.starts(with: prefix.utf8), text[length] == UInt8(ascii: "_"),
            text[length + 1] <= UInt8(ascii: "7")
        else { return false }
        let characters = characters
        return text[(length + 1)...].allSatisfy { $0 < 128 && characters >> UInt128($0) & 1 == 1 }
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
