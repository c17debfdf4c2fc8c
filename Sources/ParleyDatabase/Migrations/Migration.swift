/// A step of the schema, forward and back, in one text for both engines. Words in braces stand for the engine's types:
/// `{id}`, `{text}`, `{int}`, `{real}`, `{bool}`, `{time}`, `{blob}`, `{json}`, `{serial}` (a primary key that counts up) and
/// `{transaction}` (the number of the writing transaction; 0 in SQLite, whose only writer commits in order).
public struct Migration: Sendable, Hashable {
    /// Sorts into the order of application, e.g. `0001_accounts_users`.
    public let name: String
    public let up: [String]
    public let down: [String]

    public init(_ name: String, up: [String], down: [String]) { (self.name, self.up, self.down) = (name, up, down) }

    /// FNV-1a (64 bits) of the forward text: tells whether a migration was changed after it was applied.
    var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in up.joined(separator: ";").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }  // fits: a byte
        return String(hash, radix: 16)
    }

    /// A statement of a migration as the engine takes it.
    static func statement(_ text: String, for dialect: Dialect) -> SQL {
        var text = text
        for (word, sqlite, postgres) in types { text = text.replacing("{\(word)}", with: dialect == .sqlite ? sqlite : postgres) }
        return SQL(raw: text)
    }

    private static let types = [
        ("id", "TEXT", "TEXT COLLATE \"C\""),
        ("text", "TEXT", "TEXT"),
        ("int", "INTEGER", "BIGINT"),
        ("real", "REAL", "DOUBLE PRECISION"),
        ("bool", "INTEGER", "BOOLEAN"),
        ("time", "INTEGER", "TIMESTAMPTZ"),
        ("blob", "BLOB", "BYTEA"),
        ("json", "TEXT", "JSONB"),
        ("serial", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        ("transaction", "INTEGER NOT NULL DEFAULT 0", "XID8 NOT NULL DEFAULT pg_current_xact_id()"),
    ]
}
