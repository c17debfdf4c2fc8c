import Crypto
import Foundation
import ParleyCore

/// Writes a back-up's entries as a tar archive. After the last of them stand the checksums of all, and the sum over the whole.
final class ArchiveWriter {
    private let sink: any ByteSink
    private let modified: Int
    private let list: URL
    private let lines: BufferedSink
    private var whole = SHA256()
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    /// - Parameters:
    ///   - moment: when the entries are said to have been changed.
    ///   - list: a file to be made that keeps the checksums until the end.
    init(_ sink: any ByteSink, moment: Timestamp, list: URL) throws {
        (self.sink, self.list) = (sink, list)
        modified = max(0, Int(moment.milliseconds / 1000))
        lines = BufferedSink(try OpenFile(making: list))
    }

    func add(_ name: String, _ bytes: [UInt8]) throws { _ = try add(name, bytes.count, BytesSource(bytes), check: {}) }

    /// - Parameters:
    ///   - length: how many bytes the source has.
    ///   - check: called at every megabyte; what it throws ends the writing.
    /// - Returns: the SHA-256 of the content.
    func add(_ name: String, _ length: Int, _ source: any ByteSource, check: () throws -> Void) throws -> String {
        let sum = try copy(name, length, source, check)
        try lines.write(Array("\(sum)  \(name)\n".utf8))
        return sum
    }

    /// Writes the checksums and the end.
    /// - Parameter damaged: how many files are not what their names say.
    func finish(damaged: Int) throws {
        try lines.finish()
        let checksums = try OpenFile(reading: list)
        _ = try copy(EntryName.checksums, try checksums.size(), checksums, {})
        let end = ArchiveEnd(sum: whole.finalize().hexadecimal, damaged: damaged)
        _ = try copy(EntryName.end, end.bytes.count, BytesSource(end.bytes), {})
        try put([UInt8](repeating: 0, count: 2 * ArchiveHeader.size))
        try sink.finish()
    }

    private func copy(_ name: String, _ length: Int, _ source: any ByteSource, _ check: () throws -> Void) throws -> String {
        if length > ArchiveHeader.largest {
            let record = Array(LengthRecord.text(length).utf8)
            try put(ArchiveHeader(.extended, name: "size", length: record.count, modified: modified).bytes)
            try put(record)
            try pad(record.count)
        }
        try put(ArchiveHeader(name: name, length: length, modified: modified).bytes)
        var (sum, left) = (SHA256(), length)
        while left > 0 {
            try check()
            let count = try buffer.withUnsafeMutableBytes {
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0.prefix(left)))  // fits: above 0
            }
            guard count > 0 else { throw ParleyError(.backupFailed, "\(name) became shorter while it was read. Try again.") }
            try buffer.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))  // fits: above 0
                sum.update(bufferPointer: part)
                whole.update(bufferPointer: part)
                try sink.write(part)
            }
            left -= count
        }
        try pad(length)
        return sum.finalize().hexadecimal
    }

    private func put(_ bytes: [UInt8]) throws {
        whole.update(data: bytes)
        try sink.write(bytes)
    }

    /// Entries fill whole blocks.
    private func pad(_ length: Int) throws {
        let over = length % ArchiveHeader.size
        if over > 0 { try put([UInt8](repeating: 0, count: ArchiveHeader.size - over)) }  // fits: a remainder is smaller
    }
}

/// The last entry: that nothing is missing before it.
struct ArchiveEnd {
    /// SHA-256 of all bytes of the archive before this entry's header.
    let sum: String
    /// How many files are not what their names say.
    let damaged: Int

    var bytes: [UInt8] {
        Array(JSONValue.object(["sha256": .string(sum), "damaged_files": .int(Int64(damaged))]).text.utf8)
    }
}

/// Bytes in memory.
final class BytesSource: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let part = rest.prefix(buffer.count)
        part.withUnsafeBytes { buffer.copyMemory(from: $0) }
        rest = rest.dropFirst(part.count)
        return part.count
    }
}

extension SHA256.Digest {
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// Lower-case.
    var hexadecimal: String {
        String(decoding: flatMap { (byte: UInt8) -> [UInt8] in [Self.digit(byte >> 4), Self.digit(byte & 15)] }, as: UTF8.self)
    }
}
