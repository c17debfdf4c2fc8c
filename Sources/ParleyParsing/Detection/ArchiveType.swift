import Foundation
import ParleyCore

/// Tells what a ZIP-based file is from the names in it.
enum ArchiveType {
    /// - Throws: `document.damaged` when the archive is cut short, `document.unsupported_type` for those of other programs.
    static func detect(_ file: URL) throws -> String {
        let archive = try ZipArchive(file)
        let names = archive.names
        if archive.contains("word/document.xml")
            || archive.contains("[Content_Types].xml") && names.contains(where: { $0.hasPrefix("word/document") })
        {
            return DetectedType.docx
        }
        let kind = kind(archive)
        if kind == plainArchive { return DetectedType.zip }
        throw MediaTypeDetector.unsupported(kind)
    }

    private static func kind(_ archive: ZipArchive) -> String {
        let names = archive.names
        if archive.contains("xl/workbook.xml") || archive.contains("xl/workbook.bin") { return "Excel workbooks (.xlsx)" }
        if archive.contains("ppt/presentation.xml") { return "PowerPoint presentations (.pptx)" }
        if let declared = try? archive.read("mimetype", limit: 256) {
            let type = String(decoding: declared, as: UTF8.self)
            if type.hasPrefix("application/epub") { return "EPUB books" }
            if type.hasPrefix("application/vnd.oasis.opendocument.text") { return "OpenDocument texts (.odt)" }
            if type.hasPrefix("application/vnd.oasis.opendocument.spreadsheet") { return "OpenDocument spreadsheets (.ods)" }
            if type.hasPrefix("application/vnd.oasis.opendocument.presentation") { return "OpenDocument presentations (.odp)" }
        }
        if names.contains("META-INF/MANIFEST.MF") { return "Java archives" }
        return plainArchive
    }

    private static let plainArchive = "ZIP archives"
}
