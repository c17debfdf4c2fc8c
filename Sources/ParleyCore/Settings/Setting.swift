/// One setting, declared once: its name, type, default, limits and meaning. The same name everywhere:
/// `http.port` in the file, `PARLEY_HTTP_PORT` in the environment, `--http-port` on the command line.
public struct Setting<Value: SettingValue>: SettingDeclaration {
    public let key: String
    public let defaultValue: Value
    public let isSecret: Bool
    public let doc: String
    private let rule: SettingRule<Value>?

    public init(_ key: String, default value: Value, _ rule: SettingRule<Value>, secret: Bool = false, _ doc: String) {
        (self.key, defaultValue, self.rule, isSecret, self.doc) = (key, value, rule, secret || Value.isSecret, doc)
    }

    public init(_ key: String, default value: Value, secret: Bool = false, _ doc: String) {
        (self.key, defaultValue, rule, isSecret, self.doc) = (key, value, nil, secret || Value.isSecret, doc)
    }

    public var form: String { Value.settingForm }
    public var allowed: String { rule?.allowed ?? Value.settingForm }
    public var defaultText: String { isSecret && !defaultValue.settingText.isEmpty ? Secret.mask : defaultValue.settingText }

    /// The value, or nil when the raw one is not allowed.
    func value(of raw: RawSetting) -> Value? {
        guard raw != .unreadable, let value = Value(setting: raw), rule?.accepts(value) ?? true else { return nil }
        return value
    }

    public func canonicalText(of raw: RawSetting) -> String? { value(of: raw)?.settingText }
}

/// A setting without its type, for lists of them.
public protocol SettingDeclaration: Sendable {
    /// Dotted, lower case, words joined by underscores: `http.public_url`.
    var key: String { get }
    /// One or two sentences.
    var doc: String { get }
    /// True when the value is never shown.
    var isSecret: Bool { get }
    /// What values look like, as the end of "must be …".
    var form: String { get }
    /// What is allowed, as the end of "must be …".
    var allowed: String { get }
    /// The default as one would write it; empty for none.
    var defaultText: String { get }
    /// The value written in its usual form; nil when it is not allowed.
    func canonicalText(of raw: RawSetting) -> String?
}

extension SettingDeclaration {
    /// The name in the environment, e.g. `PARLEY_HTTP_PUBLIC_URL`.
    public var variable: String { "PARLEY_" + key.uppercased().replacing(".", with: "_") }
    /// The name on the command line, e.g. `--http-public-url`.
    public var flag: String { "--" + flagName }
    var flagName: String { key.replacing(".", with: "-").replacing("_", with: "-") }
}
