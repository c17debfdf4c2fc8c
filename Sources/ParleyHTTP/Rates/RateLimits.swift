public import ParleyCore

/// How often callers may ask for what: one policy for each class of endpoints that has a limit.
public struct RateLimits: Sendable {
    public static let ordinary = setting(
        "ordinary", 12_000,
        "Requests a minute of one person (or address) that fall in no other class, each operation of a bulk request among them.")
    public static let signIn = setting("sign_in", 300, "Sign-ins a minute from one address.")
    public static let question = setting("question", 1200, "Questions, searches and texts to embed a minute of one person.")
    public static let upload = setting("upload", 6000, "Uploads a minute of one person.")
    public static let bulk = setting("bulk", 300, "Bulk requests and exports of threads a minute of one person, whatever is in them.")
    /// A reverse proxy puts its caller's address behind those that are there.
    public static let proxyHops = Setting(
        "http.proxy_hops", default: 0, .range(0...10),
        "How many reverse proxies stand before the server: the caller's address is the so-manieth from the end of X-Forwarded-For.")

    static let settings: [any SettingDeclaration] = [ordinary, signIn, question, upload, bulk, proxyHops]

    private static func setting(_ name: String, _ standard: Int, _ help: String) -> Setting<Int> {
        Setting("rate." + name, default: standard, .range(0...1_000_000_000), help + " 0 for no limit.")
    }

    /// Classes without one have no limit.
    public var policies: [RateClass: RatePolicy]
    public var hops: Int

    init(_ settings: SettingsReader) {
        let quotas: [(RateClass, Setting<Int>)] = [
            (.ordinary, Self.ordinary), (.signIn, Self.signIn), (.question, Self.question), (.upload, Self.upload), (.bulk, Self.bulk),
        ]
        policies = [:]
        for (rate, setting) in quotas where settings[setting] > 0 {
            policies[rate] = RatePolicy(name: rate.wireName, quota: settings[setting], window: .seconds(60))
        }
        hops = settings[Self.proxyHops]
    }

    /// Where the request comes from.
    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - forwarded: the header `X-Forwarded-For`; only what the proxies wrote that we know of is believed.
    func address(_ peer: String?, forwarded: String?) -> String? {
        guard hops > 0, let forwarded else { return peer }
        let list = forwarded.split(separator: ",").map(\.trimmingSpaces)
        return list.count >= hops ? String(list[list.count - hops]) : peer
    }
}

extension RateClass {
    /// In `RateLimit` headers and metrics.
    var wireName: String { self == .signIn ? "sign-in" : rawValue }
}

extension ErrorCode {
    public static let rateExceeded = Self("rate.exceeded", .tooManyRequests, "Too many requests")
}
