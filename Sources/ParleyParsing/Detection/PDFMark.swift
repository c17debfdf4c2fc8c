import Foundation

/// Tells PDF files from texts that speak of them.
enum PDFMark {
    private static let mark = Array("%PDF-".utf8)

    /// Readers accept the mark anywhere in the first kilobyte (ISO 32000-1, annex H.3.4.1). In a text it opens a PDF when its line holds
    /// nothing else and an object follows, or when its name says so; not at the start, the file must end like a PDF too.
    static func isFound(in head: [UInt8], _ file: URL, name: String?) throws -> Bool {
        guard let place = head.prefix(1024).firstRange(of: mark)?.lowerBound else { return false }
        if place == 0, name?.lowercased().hasSuffix(".pdf") == true { return true }
        guard CharsetDetector.looksLikeText(head), UTF8Reading(head.prefix(1 << 16)).losses <= 1 else { return true }
        let line = head[place...].prefix(64).prefix { $0 != 0x0A && $0 != 0x0D }.dropFirst(mark.count)
        guard line.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x20 }) else { return false }
        let hasObject = head[place...].firstRange(of: Array(" obj".utf8)) != nil
        if place == 0 { return hasObject || head.count < 64 }
        return try hasObject && tail(file).contains(Array("%%EOF".utf8))
    }

    /// The last line that is not blank.
    private static func tail(_ file: URL) throws -> ArraySlice<UInt8> {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: size > 1024 ? size - 1024 : 0)
        let bytes = [UInt8](try handle.readToEnd() ?? Data())
        return bytes.split { $0 == 0x0A || $0 == 0x0D }.last { line in line.contains { $0 != 0x20 && $0 != 0x09 && $0 != 0 } } ?? []
    }
}
