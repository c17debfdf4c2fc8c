import Synchronization

extension ErrorCode {
    public static let settingsInvalid = Self("settings.invalid", .internalFailure, "The settings are not valid")
}

/// Reads settings from the command line, the environment and a YAML file, in this order of precedence, and keeps every
/// mistake until `validate`, so that one start tells them all.
public final class SettingsReader: Sendable {
    private let sources: SettingSources
    private let mistakes: Mutex<[FieldError]>

    /// - Parameters:
    ///   - flags: command line options by name, with or without leading dashes.
    ///   - environment: the process's variables; only those that begin with `PARLEY_` are read.
    ///   - file: path of a YAML file.
    ///   - yaml: YAML text, in place of a file.
    ///   - notSettings: variables that begin with `PARLEY_` and are no settings.
    public init(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil, yaml: String? = nil,
        notSettings: Set<String> = ["PARLEY_CONFIG"]
    ) {
        var sources = SettingSources(flags: flags, environment: environment, notSettings: notSettings)
        if let file { sources.read(file: file) }
        if let yaml { sources.read(yaml: yaml, name: "yaml") }
        self.sources = sources
        mistakes = Mutex(sources.mistakes)
    }

    /// The value that the strongest source gives, else the default. A wrong value gives the default as well and is told by `validate`.
    public subscript<Value>(_ setting: Setting<Value>) -> Value {
        guard let found = sources.find(setting) else { return setting.defaultValue }
        if let value = setting.value(of: found.raw) { return value }
        note(mistake(setting, found))
        return setting.defaultValue
    }

    /// Says that a value does not fit the others: the setting "must be" what `allowed` says.
    public func reject(_ setting: some SettingDeclaration, _ allowed: String) {
        note(FieldError(setting.key, sentence(setting, sources.find(setting), allowed)))
    }

    /// Checks every known setting, and that there are no unknown ones but for variables that resemble none.
    /// - Throws: one `settings.invalid` whose fields tell every mistake.
    public func validate(known: [any SettingDeclaration]) throws(ParleyError) {
        for setting in known {
            if let found = sources.find(setting), setting.canonicalText(of: found.raw) == nil { note(mistake(setting, found)) }
        }
        UnknownSettings(known: known, sources: sources).mistakes.forEach(note)
        let all = mistakes.withLock { $0 }
        guard !all.isEmpty else { return }
        let count = all.count == 1 ? "One setting is wrong." : "\(all.count) settings are wrong."
        throw ParleyError(.settingsInvalid, count + " Correct and start again.", fields: all)
    }

    /// Variables of the environment that begin like settings and resemble none; they are ignored.
    public func foreignVariables(known: [any SettingDeclaration]) -> [String] {
        UnknownSettings(known: known, sources: sources).foreignVariables
    }

    /// The settings in force as YAML, each with the place it comes from; secrets are masked.
    public func printed(_ known: [any SettingDeclaration]) -> String {
        var lines: [String] = []
        var section = ""
        for setting in known.sorted(by: { $0.key < $1.key }) {
            let parts = setting.key.split(separator: ".", maxSplits: 1)
            if let first = parts.first, parts.count == 2, String(first) != section {
                section = String(first)
                lines.append(section + ":")
            }
            let name = parts.count == 2 ? "  " + parts[1] : setting.key[...]
            let found = sources.find(setting)
            lines.append("\(name): \(YAMLText.quoted(shown(setting, found)))  # \(found.map { "from " + $0.origin } ?? "default")")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func shown(_ setting: any SettingDeclaration, _ found: FoundSetting?) -> String {
        guard let found else { return setting.defaultText }
        guard let text = setting.canonicalText(of: found.raw) else { return setting.defaultText }
        return setting.isSecret && !text.isEmpty ? Secret.mask : AddressPassword.masked(text)
    }

    private func mistake(_ setting: some SettingDeclaration, _ found: FoundSetting) -> FieldError {
        FieldError(setting.key, sentence(setting, found, setting.allowed))
    }

    private func sentence(_ setting: some SettingDeclaration, _ found: FoundSetting?, _ allowed: String) -> String {
        guard let found else {
            return "It is not set and must be \(allowed). Set \(setting.variable), \(setting.flag) or \(setting.key) in the file."
        }
        let value: String
        switch found.raw {
        case .text(let text): value = text
        case .list(let list): value = list.joined(separator: ",")
        case .unreadable: return "\(found.origin) cannot be read or is empty; name a file that holds the value alone."
        }
        let told = setting.isSecret ? Secret.mask : AddressPassword.masked(String(value.prefix(200)))
        return "\"\(told)\" from \(found.origin) is not allowed; it must be \(allowed)."
    }

    private func note(_ mistake: FieldError) {
        mistakes.withLock { if !$0.contains(mistake) { $0.append(mistake) } }
    }
}
