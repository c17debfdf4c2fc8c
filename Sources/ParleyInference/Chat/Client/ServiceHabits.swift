internal import ParleyCore
internal import Synchronization

/// What is known of a service and its model beyond the protocol, learnt from what it refused and how it answered.
struct ServiceHabits: Hashable, Sendable {
    /// Fields that it does not take.
    private(set) var without: Set<String> = []
    /// What it calls the longest answer, where it does not take `max_tokens`.
    private(set) var limitField: String?
    /// The longest answer in tokens that may be asked for.
    private(set) var longestAnswer: Int?
    /// Whether it takes no temperature of 0.
    private(set) var isNeverCold = false
    /// Whether it has no role for instructions: they go with the first question.
    private(set) var foldsInstructions = false
    /// Whether it thinks before it answers, so that it needs room for that.
    var thinks = false
    var form = ReasoningForm.unknown

    private static let limits = ["max_tokens", "max_completion_tokens"]
    private static let coldest = 0.01

    /// The fields as the service takes them.
    func adjusted(_ fields: [String: JSONValue]) -> [String: JSONValue] {
        var fields = fields
        if let longestAnswer, let limit = fields["max_tokens"]?.int, limit > longestAnswer {
            fields["max_tokens"] = .int(Int64(longestAnswer))
        }
        if let limitField, let limit = fields.removeValue(forKey: "max_tokens") { fields[limitField] = limit }
        if isNeverCold, fields["temperature"]?.double == 0 { fields["temperature"] = .double(Self.coldest) }
        for field in without { fields[field] = nil }
        if let options = fields["options"]?.object { fields["options"] = .object(options.filter { !without.contains($0.key) }) }
        return fields
    }

    /// Learns from a refusal.
    /// - Parameters:
    ///   - sent: the fields that were refused.
    ///   - required: those that the protocol cannot do without.
    /// - Returns: whether another try is worth it.
    mutating func learn(_ rejection: ModelRejection, from sent: [String: JSONValue], required: Set<String>) -> Bool {
        if !foldsInstructions, Self.refusesInstructions(rejection), Self.hasInstructions(sent) {
            foldsInstructions = true
            return true
        }
        guard RefusedField.isMeant(rejection) || RefusedField.isMute(rejection), rejection.error.code != .modelContextExceeded else {
            return false
        }
        let names = Array(sent.keys) + (sent["options"]?.object.map { Array($0.keys) } ?? [])
        guard let field = RefusedField.named(rejection, among: names) else {
            let optional = Set(RefusedField.optional(among: names))
            defer { without.formUnion(optional) }
            return !optional.isSubset(of: without)
        }
        if field == "temperature", !isNeverCold, sent[field]?.double == 0, Self.wantsWarmth(rejection) {
            isNeverCold = true
            return true
        }
        if Self.limits.contains(field) || field == limitField { return learnLimit(rejection, sent[field]?.int ?? 0, required) }
        guard !required.contains(field) else { return false }
        if field == "stream" { without.insert("stream_options") }
        return without.insert(field).inserted
    }

    /// Learns what was learnt elsewhere.
    mutating func learn(_ other: ServiceHabits) {
        without.formUnion(other.without)
        limitField = other.limitField ?? limitField
        longestAnswer = [longestAnswer, other.longestAnswer].compactMap { $0 }.min()
        isNeverCold = isNeverCold || other.isNeverCold
        foldsInstructions = foldsInstructions || other.foldsInstructions
        thinks = thinks || other.thinks
        if other.form != .unknown, form != .unopened { form = other.form }
    }

    private mutating func learnLimit(_ rejection: ModelRejection, _ sent: Int64, _ required: Set<String>) -> Bool {
        if let most = Self.mostTokens(rejection, below: sent), longestAnswer.map({ most < $0 }) ?? true {
            longestAnswer = most
            return true
        }
        guard !required.contains("max_tokens") else { return false }
        if limitField == nil {
            limitField = Self.suggested(rejection) ?? "max_completion_tokens"
            return true
        }
        guard let limitField else { return false }
        return without.insert(limitField).inserted
    }

    /// The largest number that it names below what was sent: `16384` in `max_tokens is too large: 100000. This model supports at most 16384`.
    private static func mostTokens(_ rejection: ModelRejection, below sent: Int64) -> Int? {
        guard isLimitTooLarge(rejection) else { return nil }
        let words = rejection.words.split { !$0.isLetter && !$0.isNumber && !".,_-".contains($0) }
        let numbers = words.compactMap { word in Int64((word.last == "." ? word.dropLast() : word).filter { $0 != "," }) }
        return numbers.filter { $0 < sent && $0 >= 16 }.max().map { Int(clamping: $0) }
    }

    private static func isLimitTooLarge(_ rejection: ModelRejection) -> Bool {
        guard limits.contains(where: { rejection.words.contains($0) }) else { return false }
        return ["too large", "at most", "maximum allowed", "less than or equal", "exceeds", "> ", "<= ", "range"].contains {
            rejection.words.contains($0)
        }
    }

    /// `Use 'max_output_tokens' instead`.
    private static func suggested(_ rejection: ModelRejection) -> String? {
        rejection.words.firstMatch(of: /use [`'"]?([a-z_]*tokens)[`'"]? instead/).map { String($0.output.1) }
    }

    private static func wantsWarmth(_ rejection: ModelRejection) -> Bool {
        ["positive", "greater than 0", "> 0", "(0", "larger than 0", "above 0"].contains { rejection.words.contains($0) }
    }

    private static func hasInstructions(_ sent: [String: JSONValue]) -> Bool {
        sent["system"] != nil || sent["messages"]?.array?.contains { $0["role"] == "system" } == true
    }

    private static func refusesInstructions(_ rejection: ModelRejection) -> Bool {
        let words = rejection.words
        if ["roles must alternate", "should be alternating", "only user and assistant roles", "only user, assistant"].contains(
            where: words.contains)
        {
            return true
        }
        let speaks = [
            "system role", "'system'", "\"system\"", "`system`", "system message", "system prompt", "system instruction",
            "developer instruction", "role: system",
        ]
        let refuses = [
            "not support", "unsupported", "not enabled", "not allowed", "invalid", "unexpected", "unknown", "must be", "should be",
        ]
        return speaks.contains(where: words.contains) && refuses.contains(where: words.contains)
    }
}

/// What is known of one service, for all calls to it.
final class KnownHabits: Sendable {
    private let habits: Mutex<ServiceHabits>

    init(_ habits: ServiceHabits) { self.habits = Mutex(habits) }

    var now: ServiceHabits { habits.withLock { $0 } }

    func learn(_ more: ServiceHabits) { habits.withLock { $0.learn(more) } }
}
