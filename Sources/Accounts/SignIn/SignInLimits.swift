public import ParleyCore

/// After how many wrong passwords the next sign-in has to wait, and how long.
public struct SignInLimits: Sendable {
    static let free = Setting(
        "sign_in.free_failures", default: 5, .range(1...1_000_000),
        "Failed sign-ins to one account before the next one has to wait: a second, then twice as long each time. Devices that the person "
            + "has signed in with are counted on their own.")
    static let freeOfAddress = Setting(
        "sign_in.free_failures_of_address", default: 1000, .range(1...1_000_000),
        "Failed sign-ins from one network address, to whatever accounts, before the next one has to wait likewise.")
    static let longest = Setting(
        "sign_in.longest_delay", default: Duration.seconds(15 * 60), .range(.seconds(1) ... .seconds(86_400)),
        "The longest that a sign-in has to wait after failed ones.")
    static let forget = Setting(
        "sign_in.forget_after", default: Duration.seconds(86_400), .range(.seconds(60) ... .seconds(30 * 86_400)),
        "How long after the last failed sign-in the earlier ones are forgotten.")
    public static let settings: [any SettingDeclaration] = [free, freeOfAddress, longest, forget]

    public var free: Int
    public var freeOfAddress: Int
    public var longest: Duration
    public var forget: Duration

    public init(_ settings: SettingsReader = SettingsReader()) {
        free = settings[Self.free]
        freeOfAddress = settings[Self.freeOfAddress]
        longest = settings[Self.longest]
        forget = settings[Self.forget]
    }

    /// How long the next sign-in waits after so many failed ones, of which so many were free.
    func delay(after failures: Int, free: Int) -> Duration {
        guard failures >= free else { return .zero }
        return min(longest, .seconds(1 << min(failures - free, 20)))
    }
}
