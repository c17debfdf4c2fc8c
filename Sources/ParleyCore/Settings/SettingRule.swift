public import Foundation

/// What a setting allows beyond its type, in words and as a test.
public struct SettingRule<Value: Sendable>: Sendable {
    /// The end of "must be …".
    public let allowed: String
    let accepts: @Sendable (Value) -> Bool

    /// Any rule: its words, and its test.
    public static func matching(_ allowed: String, _ accepts: @escaping @Sendable (Value) -> Bool) -> Self {
        Self(allowed: allowed, accepts: accepts)
    }
}

extension SettingRule where Value: Comparable & SettingValue {
    public static func range(_ range: ClosedRange<Value>) -> Self {
        .matching("from \(range.lowerBound.settingText) to \(range.upperBound.settingText)") { range.contains($0) }
    }

    public static func atLeast(_ least: Value) -> Self {
        .matching("at least \(least.settingText)") { $0 >= least }
    }
}

extension SettingRule where Value: Equatable & SettingValue {
    public static func choices(_ choices: [Value]) -> Self {
        .matching("one of " + choices.map(\.settingText).joined(separator: ", ")) { choices.contains($0) }
    }
}

extension SettingRule<String> {
    public static var notEmpty: Self { .matching("not empty") { !$0.trimmed.isEmpty } }
}

extension SettingRule<URL> {
    public static func schemes(_ schemes: String...) -> Self {
        .matching("an address that begins with " + schemes.map { $0 + "://" }.joined(separator: " or ")) {
            schemes.contains($0.scheme?.lowercased() ?? "")
        }
    }
}

extension SettingRule<Secret> {
    /// Refuses short, repetitive and well-known secrets.
    public static func strong(minimum: Int = 16) -> Self {
        .matching("at least \(minimum) characters that nobody could guess") { $0.weakness(minimum: minimum) == nil }
    }
}

extension SettingRule {
    /// The rule for a value that may be left out.
    public static func optional<Wrapped>(_ rule: SettingRule<Wrapped>) -> Self where Value == Wrapped? {
        .matching(rule.allowed) { $0.map(rule.accepts) ?? true }
    }

    /// The rule for every element of a list.
    public static func each<Element>(_ rule: SettingRule<Element>) -> Self where Value == [Element] {
        .matching("a list, each of it " + rule.allowed) { $0.allSatisfy(rule.accepts) }
    }
}
