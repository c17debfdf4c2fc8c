public import ParleyCore

extension ParsingLimits {
    static let maximumTime = Setting(
        "ingestion.max_time", default: Duration.seconds(120), .range(.seconds(1) ... .seconds(3600)),
        "How long reading one document may take.")
    static let maximumMemory = Setting(
        "ingestion.max_memory", default: ByteSize.gib(1), .range(.mib(256) ... .gib(64)),
        "Memory that reading one document may take.")
    public static let settings: [any SettingDeclaration] = [maximumTime, maximumMemory]

    public init(_ settings: SettingsReader) {
        seconds = Int(settings[Self.maximumTime].components.seconds)
        memory = settings[Self.maximumMemory].bytes
    }
}
