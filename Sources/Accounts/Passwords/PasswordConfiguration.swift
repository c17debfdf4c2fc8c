public import ParleyCore

/// What passwords must be and what their hashes cost.
public struct PasswordConfiguration: Sendable {
    static let minimum = Setting("password.min_length", default: 12, .range(8...64), "The fewest characters a password may have.")
    static let maximum = Setting("password.max_length", default: 128, .range(64...200), "The most characters a password may have.")
    static let strength = Setting(
        "password.min_strength", default: 3, .range(0...4),
        "How hard a password must be to guess, as zxcvbn estimates it: 1 for a thousand guesses, 2 for a million, 3 for a hundred millions, "
            + "4 for ten thousand millions; 0 for no such demand.")
    static let kinds = Setting(
        "password.min_kinds", default: 0, .range(0...4),
        "How many of these a password must hold: lower case, upper case, digits, other characters.")
    static let history = Setting(
        "password.history", default: 5, .range(0...24),
        "How many of a person's passwords, the present one included, they cannot choose again; 0 for none.")
    static let memory = Setting(
        "password.hash_memory", default: ByteSize.mib(19), .range(.mib(7) ... .mib(1024)),
        "Memory that hashing a password takes (Argon2id). When it or the passes change, a hash is made anew at the next sign-in.")
    static let passes = Setting(
        "password.hash_passes", default: 2, .range(1...20), "Passes over that memory that hashing a password takes (Argon2id).")
    public static let settings: [any SettingDeclaration] = [minimum, maximum, strength, kinds, history, memory, passes]

    public var length: ClosedRange<Int>
    /// From 0 to 4.
    public var strength: Int
    public var kinds: Int
    public var history: Int
    public var memory: ByteSize
    public var passes: Int

    public init(_ settings: SettingsReader = SettingsReader()) {
        length = settings[Self.minimum]...settings[Self.maximum]
        strength = settings[Self.strength]
        kinds = settings[Self.kinds]
        history = settings[Self.history]
        memory = settings[Self.memory]
        passes = settings[Self.passes]
    }
}
