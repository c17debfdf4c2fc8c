/// A password, key or token. It never shows itself: printing, logging, dumping or interpolating gives `••••`.
public struct Secret: Sendable {
    /// The secret itself, for the one place that needs it.
    public let revealed: String

    public init(_ text: String) { revealed = text }

    /// What stands in the place of every secret.
    public static let mask = "••••"
}

extension Secret: Equatable {
    /// Takes equally long for all secrets of one length, so that timing tells nothing of the content.
    public static func == (a: Self, b: Self) -> Bool {
        let (left, right) = (Array(a.revealed.utf8), Array(b.revealed.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { Self.mask }
    public var debugDescription: String { Self.mask }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret {
    private static let wellKnown: Set<String> = [
        "password", "passw0rd", "changeme", "change-me", "change_me", "secret", "supersecret", "default", "admin", "administrator",
        "letmein", "qwertyuiop", "welcome", "parley", "example", "test", "testing", "dev", "development", "placeholder", "your-secret-here",
        "yoursecretkey", "mysecretkey", "secretkey", "jwtsecret", "notasecret", "insecure", "minioadmin", "postgres", "root", "toor",
    ]

    /// Why this secret must not protect anything, as the end of "the secret …"; nil when nothing speaks against it.
    /// - Parameter minimum: the least number of characters.
    public func weakness(minimum: Int = 16) -> String? {
        let lowered = revealed.lowercased()
        let letters = String(lowered.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        let trimmed = String(letters.reversed().drop { $0.isNumber }.reversed())
        if Self.wellKnown.contains(lowered) || Self.wellKnown.contains(trimmed) { return "is a well-known one" }
        if revealed.count < minimum { return "is shorter than \(minimum) characters" }
        if Set(revealed).count < 6 { return "repeats only a few characters" }
        if Self.isRun(Array(lowered.utf8)) { return "is a plain sequence" }
        return nil
    }

    /// The weakness by the default minimum.
    public var weakness: String? { weakness() }

    /// True for texts such as `1234567890123456` or `abcdefghijklmnop`, where almost every character follows its neighbour.
    private static func isRun(_ bytes: [UInt8]) -> Bool {
        let steps = zip(bytes, bytes.dropFirst()).filter { (Int($0) - Int($1)).magnitude <= 1 }.count
        return steps * 10 >= (bytes.count - 1) * 8
    }
}
