import Foundation
import ParleyCore

/// Whole and partial reads of a file.
enum FileBytes {
    /// - Throws: `document.too_complex` when the file has more than `limit` bytes.
    static func all(_ file: URL, limit: Int) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let size = try handle.seekToEnd()
        guard size <= UInt64(max(limit, 0)) else {
            throw ParleyError(
                .documentTooComplex,
                "The file has \(size >> 20) MB; at most \(limit >> 20) MB of this type can be read. Split it into parts.")
        }
        try handle.seek(toOffset: 0)
        return [UInt8](try handle.readToEnd() ?? Data())
    }

    /// Up to `count` bytes from the start.
    static func head(_ file: URL, _ count: Int) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        return [UInt8](try handle.read(upToCount: count) ?? Data())
    }
}
