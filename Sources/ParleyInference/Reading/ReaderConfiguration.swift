public import ParleyCore

/// Where the reader is.
public struct ReaderConfiguration: Sendable {
    public static let enabled = Setting(
        "reader.enabled", default: true,
        "Whether a model reads the passages found and tells which of them answers, and where; without it, likeness has to tell.")
    public static let model = Setting(
        "reader.model", default: LocalPath(".parley/models/reader"),
        "Folder of the model that reads passages: reader.xml and what belongs to it.")
    public static let threads = Setting(
        "reader.threads", default: 0, .range(0...256),
        "Passages that are read at a time, each on a processor thread of its own; 0 takes all cores, at most 4.")
    public static let settings: [any SettingDeclaration] = [enabled, model, threads]

    private let isEnabled: Bool
    private let model: LocalPath
    private let threads: Int

    public init(_ settings: SettingsReader) {
        (isEnabled, model, threads) = (settings[Self.enabled], settings[Self.model], settings[Self.threads])
    }

    /// The reader that the settings name; nil for none. Nothing is loaded yet.
    /// - Parameter runtime: the folder of OpenVINO's libraries (setting `inference.runtime`).
    public func reader(runtime: String) -> (any PassageReader)? {
        isEnabled ? OpenVINOReader(folder: model.installed, runtime: runtime, threads: threads) : nil
    }
}
