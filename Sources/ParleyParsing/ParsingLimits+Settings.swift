public import ParleyCore

extension ParsingLimits {
    static let maximumTime = Setting(
        "ingestion.max_time", default: Duration.seconds(120), .range(.seconds(1) ... .seconds(3600)),
        "How long reading one document may take.")
    static let maximumMemory = Setting(
        "ingestion.max_memory", default: ByteSize.gib(1), .range(.mib(256) ... .gib(64)),
        "Memory that reading one document may take.")
    static let ocrLanguages = Setting<[String]>(
        "ingestion.ocr_languages", default: ["eng", "deu", "fra", "spa"],
        .matching("names of Tesseract's languages, such as eng and deu") { names in
            !names.isEmpty && names.count <= 20 && names.allSatisfy { $0.utf8.count <= 20 && $0.utf8.allSatisfy(isNamePart) }
        }, "Languages in which pictures of text are read by OCR; those of each document are found among them.")
    public static let settings: [any SettingDeclaration] = [maximumTime, maximumMemory, ocrLanguages]

    private static func isNamePart(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F }

    public init(_ settings: SettingsReader) {
        seconds = Int(settings[Self.maximumTime].components.seconds)
        memory = settings[Self.maximumMemory].bytes
        ocrLanguages = settings[Self.ocrLanguages]
    }
}
