public import ParleyCore

extension OpenVINORuntime {
    /// Where the library is.
    public struct Configuration: Sendable {
        public static let runtime = Setting(
            "inference.runtime", default: LocalPath(".parley/runtime/openvino"),
            "Folder of the OpenVINO libraries, which run the embedding model and the local language model.")
        public static let settings: [any SettingDeclaration] = [runtime]

        /// Absolute path of the folder.
        public let directory: String

        public init(_ settings: SettingsReader) { directory = settings[Self.runtime].installed }
    }
}
