public import ParleyCore
import ParleyParsing

/// How much one document may come to.
public struct IngestionLimits: Sendable {
    public static let maximumText = Setting(
        "ingestion.max_text", default: ByteSize.mib(64), .range(.kib(1) ... .gib(4)),
        "Bytes of text that one document may have; a longer one fails.")
    public static let maximumChunks = Setting(
        "ingestion.max_chunks", default: 100_000, .range(1...10_000_000), "Passages that one document may have; one with more fails.")
    public static let settings: [any SettingDeclaration] = [maximumText, maximumChunks]

    /// In bytes of UTF-8.
    let text: Int
    let chunks: Int

    public init(text: Int = IngestionLimits.maximumText.defaultValue.bytes, chunks: Int = IngestionLimits.maximumChunks.defaultValue) {
        (self.text, self.chunks) = (text, chunks)
    }

    public init(_ settings: SettingsReader) {
        self.init(text: settings[Self.maximumText].bytes, chunks: settings[Self.maximumChunks])
    }

    /// - Throws: `document.too_complex`.
    func check(text bytes: Int) throws {
        guard bytes > text else { return }
        throw ParleyError(
            .documentTooComplex, "The document's text has \(bytes) bytes, of which at most \(text) are read. Split it into several.",
            limit: ReachedLimit(text, used: bytes))
    }

    /// - Throws: `document.too_complex`.
    func check(chunks count: Int) throws {
        guard count > chunks else { return }
        throw ParleyError(
            .documentTooComplex, "The document has \(count) passages, of which at most \(chunks) are kept. Split it into several.",
            limit: ReachedLimit(chunks, used: count))
    }
}
