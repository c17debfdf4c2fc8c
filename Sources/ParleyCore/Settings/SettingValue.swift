/// What a source says of one setting, before it is understood: a text, or a YAML list of texts.
public enum RawSetting: Sendable, Hashable {
    case text(String)
    case list([String])
    /// The file that should hold the value cannot be read, or is empty.
    case unreadable
}

/// A type that a setting can hold.
public protocol SettingValue: Sendable {
    /// What a text must look like, as the end of "must be …".
    static var settingForm: String { get }
    /// True when values are never shown.
    static var isSecret: Bool { get }
    /// Nil when the text is no such value.
    init?(setting: RawSetting)
    /// The text that gives this value again; for the reference and the printed configuration.
    var settingText: String { get }
}

extension SettingValue {
    public static var isSecret: Bool { false }
}

extension RawSetting {
    /// The single text; nil for a list.
    public var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The list, or a text split at its commas.
    var elements: [String] {
        switch self {
        case .list(let elements): elements
        case .text(let text):
            text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        case .unreadable: []
        }
    }
}

extension String: SettingValue {
    public static var settingForm: String { "text" }
    public init?(setting: RawSetting) {
        guard let text = setting.text else { return nil }
        self = text
    }
    public var settingText: String { self }

    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

extension Int: SettingValue {
    public static var settingForm: String { "a whole number" }
    public init?(setting: RawSetting) {
        guard let value = setting.text.flatMap({ Int($0.filter { $0 != "_" }) }) else { return nil }
        self = value
    }
    public var settingText: String { String(self) }
}

extension Double: SettingValue {
    public static var settingForm: String { "a number" }
    public init?(setting: RawSetting) {
        guard let value = setting.text.flatMap(Double.init), value.isFinite else { return nil }
        self = value
    }
    public var settingText: String { String(self) }
}

extension Bool: SettingValue {
    public static var settingForm: String { "true or false" }
    public init?(setting: RawSetting) {
        switch setting.text?.lowercased() {
        case "true", "yes", "on", "1": self = true
        case "false", "no", "off", "0": self = false
        default: return nil
        }
    }
    public var settingText: String { String(self) }
}

extension Secret: SettingValue {
    public static var settingForm: String { "text that is kept secret" }
    public static var isSecret: Bool { true }
    public init?(setting: RawSetting) {
        guard let text = setting.text, !text.isEmpty else { return nil }
        self.init(text)
    }
    public var settingText: String { Secret.mask }
}

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public static var settingForm: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    public init?(setting: RawSetting) {
        guard let value = setting.text.flatMap({ Self(rawValue: $0) }) else { return nil }
        self = value
    }
    public var settingText: String { rawValue }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    public static var settingForm: String { Wrapped.settingForm }
    public static var isSecret: Bool { Wrapped.isSecret }
    /// An empty text is none.
    public init?(setting: RawSetting) {
        if setting == .text("") {
            self = Wrapped?.none
        } else if let value = Wrapped(setting: setting) {
            self = Wrapped?.some(value)
        } else {
            return nil
        }
    }
    public var settingText: String { self?.settingText ?? "" }
}

extension Array: SettingValue where Element: SettingValue {
    public static var settingForm: String { "a list, each of it \(Element.settingForm)" }
    public static var isSecret: Bool { Element.isSecret }
    public init?(setting: RawSetting) {
        let elements = setting.elements
        let values = elements.compactMap { Element(setting: .text($0)) }
        guard values.count == elements.count else { return nil }
        self = values
    }
    public var settingText: String { map(\.settingText).joined(separator: ",") }
}
