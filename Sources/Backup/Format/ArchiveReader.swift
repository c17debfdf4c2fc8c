import Crypto
import ParleyCore

/// Reads what `ArchiveWriter` wrote, and nothing else: plain files, one after the other.
final class ArchiveReader {
    private let source: BufferedSource
    private var whole = SHA256()
    private var left = 0
    private var padding = 0
    /// Bytes read of the archive so far.
    private(set) var count = 0

    /// SHA-256 of all bytes before the header of the present entry.
    private(set) var sumBefore = ""

    init(_ source: any ByteSource) { self.source = BufferedSource(source) }

    /// The next entry; the one before must have been read to its end. Nil after the last one.
    /// - Throws: `backup.damaged`.
    func next() throws -> ArchiveHeader? {
        try skipPadding()
        let before = whole
        var block = try take(ArchiveHeader.size)
        if block.allSatisfy({ $0 == 0 }) {
            block = try take(ArchiveHeader.size)
            guard block.allSatisfy({ $0 == 0 }), try source.peek(1).isEmpty else {
                throw ParleyError.damaged("something stands behind its end")
            }
            return nil
        }
        guard var header = ArchiveHeader(block) else { throw ParleyError.damaged("an entry is not one of a back-up") }
        if header.kind == .extended {
            guard (1...ArchiveHeader.size).contains(header.length) else { throw ParleyError.damaged("an entry is not one of a back-up") }
            let record = try take(header.length)
            padding = Self.padding(header.length)
            try skipPadding()
            guard let length = LengthRecord.length(record), let plain = ArchiveHeader(try take(ArchiveHeader.size)), plain.kind == .file,
                plain.length == 0, length > ArchiveHeader.largest
            else { throw ParleyError.damaged("an entry is not one of a back-up") }
            header = ArchiveHeader(name: plain.name, length: length, modified: plain.modified)
        }
        sumBefore = before.finalize().hexadecimal
        (left, padding) = (header.length, Self.padding(header.length))
        return header
    }

    /// More of the present entry's content; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard left > 0 else { return 0 }
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(left))  // fits: above 0
        let count = try source.read(into: part)
        guard count > 0 else { throw ParleyError.damaged("its end is missing") }
        note(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(part).prefix(count)))  // fits: above 0
        left -= count
        return count
    }

    private static func padding(_ length: Int) -> Int { (ArchiveHeader.size - length % ArchiveHeader.size) % ArchiveHeader.size }

    private func skipPadding() throws {
        guard try take(padding).allSatisfy({ $0 == 0 }) else { throw ParleyError.damaged("something stands between its entries") }
        padding = 0
    }

    private func take(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = try count == 0 ? 0 : bytes.withUnsafeMutableBytes { try source.fill($0) }
        guard found == count else { throw ParleyError.damaged("its end is missing") }
        bytes.withUnsafeBytes { note($0) }
        return bytes
    }

    private func note(_ bytes: UnsafeRawBufferPointer) {
        whole.update(bufferPointer: bytes)
        count += bytes.count
    }
}
