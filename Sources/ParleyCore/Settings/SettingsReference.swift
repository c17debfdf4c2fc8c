/// The reference of all settings, for `docs/settings.md`.
public enum SettingsReference {
    /// One section for each first word of the keys, one row for each setting.
    public static func markdown(_ known: [any SettingDeclaration]) -> String {
        let sections = Dictionary(grouping: known) { String($0.key.prefix { $0 != "." }) }
        let parts = sections.sorted { $0.key < $1.key }.map { name, settings in
            "## \(name)\n\n| Setting | Default | Allowed | Meaning |\n|---|---|---|---|\n"
                + settings.sorted { $0.key < $1.key }.map(row).joined(separator: "\n")
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func row(_ setting: any SettingDeclaration) -> String {
        let names = "`\(setting.key)`<br>`\(setting.variable)`<br>`\(setting.flag)`"
        let value = setting.defaultText.isEmpty ? "none" : "`\(setting.defaultText)`"
        let secret = setting.isSecret ? " Secret: masked wherever it would be shown." : ""
        return "| \(names) | \(cell(value)) | \(cell(setting.allowed)) | \(cell(setting.doc + secret)) |"
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }
}
