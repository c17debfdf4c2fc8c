public import Foundation

/// Reads files of some media types. One value of this kind per format; a new format is one more of them in `ParserRegistry.standard`.
public protocol DocumentParser: Sendable {
    /// As `MediaTypeDetector` names them.
    var mediaTypes: Set<String> { get }

    /// - Throws: `ParleyError` with a `document.…` code when the file cannot be read, `converter.…` when the fault is the installation's.
    func parse(_ file: URL, as type: DetectedType, limits: ParsingLimits) async throws -> ParsedDocument
}

/// How much one document may cost to read.
public struct ParsingLimits: Sendable, Hashable {
    /// Wall-clock seconds for the whole document.
    public var seconds = 120
    /// Address space of the process that reads, and of each converter that it starts, in bytes.
    public var memory = 1 << 30
    /// What a converter may write, in bytes.
    public var outputBytes = 512 << 20
    /// What may come out of one archive, in bytes.
    public var inflatedBytes = 128 << 20
    /// Bytes of a text, HTML or Markdown file.
    public var textBytes = 128 << 20
    /// Unicode scalars of the text that comes out.
    public var textLength = 64 << 20
    /// Blocks that the text has.
    public var blocks = 1_000_000
    /// Pages that are told apart.
    public var pages = 20_000
    /// How deep files may stand within files: attachments of a message in an archive.
    public var nesting = 3
    /// Files within one file that are read.
    public var members = 1000
    /// What OCR reads, in Tesseract's names.
    public var ocrLanguages = ["eng", "deu", "fra", "spa"]

    public init() {}
    public static let standard = ParsingLimits()
}
