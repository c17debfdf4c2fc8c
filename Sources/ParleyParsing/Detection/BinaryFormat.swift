/// A format that is recognised by its first bytes so that it can be refused by name.
struct BinaryFormat: Sendable {
    let name: String
    let advice: String
    private let offset: Int
    private let magic: [UInt8]
    /// The mark at the start, of those whose other mark stands behind it.
    private let container: [UInt8]
    /// Whether the format is itself one of letters.
    private let isText: Bool

    private static let asDocument = "Save it as PDF, DOCX, HTML, Markdown or plain text and upload that."
    private static let picture = "Save it as PNG, JPEG, TIFF or WebP and upload that."
    private static let archive = "Unpack it and upload the documents in it."

    private init(
        _ name: String, _ magic: [UInt8], at offset: Int = 0, in container: String = "", isText: Bool = false, _ advice: String = asDocument
    ) {
        (self.name, self.magic, self.offset, self.advice) = (name, magic, offset, advice)
        (self.container, self.isText) = (Array(container.utf8), isText)
    }

    /// A mark of letters alone may begin a text too; a file of the format has bytes near it that no text has.
    func matches(_ head: [UInt8]) -> Bool {
        guard head.count >= offset + magic.count, head[offset..<offset + magic.count].elementsEqual(magic), head.starts(with: container)
        else {
            return false
        }
        return isText || magic.contains { $0 < 0x20 || $0 >= 0x7F }
            || head.prefix(512).contains { $0 < 0x08 || (0x0E..<0x20).contains($0) && $0 != 0x1B }
    }

    static let all: [BinaryFormat] = [
        BinaryFormat("GIF pictures", Array("GIF8".utf8), picture),
        BinaryFormat("HEIC pictures", Array("ftyphei".utf8), at: 4, picture),
        BinaryFormat("AVIF pictures", Array("ftypavif".utf8), at: 4, picture),
        BinaryFormat("MP4 videos", Array("ftyp".utf8), at: 4),
        BinaryFormat("MP3 recordings", Array("ID3".utf8)),
        BinaryFormat("WAVE recordings", Array("WAVE".utf8), at: 8, in: "RIFF"),
        BinaryFormat("Ogg recordings", Array("OggS".utf8)),
        BinaryFormat("Matroska videos", [0x1A, 0x45, 0xDF, 0xA3]),
        BinaryFormat("bzip2 archives", Array("BZh".utf8), archive),
        BinaryFormat("xz archives", [0xFD, 0x37, 0x7A, 0x58, 0x5A], archive),
        BinaryFormat("Zstandard archives", [0x28, 0xB5, 0x2F, 0xFD], archive),
        BinaryFormat("7z archives", [0x37, 0x7A, 0xBC, 0xAF], archive),
        BinaryFormat("RAR archives", Array("Rar!".utf8), archive),
        BinaryFormat("Programs", [0x7F, 0x45, 0x4C, 0x46]),
        BinaryFormat("Databases", Array("SQLite format 3".utf8)),
        BinaryFormat("PostScript files", Array("%!PS-Adobe-".utf8), isText: true),
    ]
}
