import Crypto
import Foundation
import ParleyCore

/// Reads entries whose names are known, and keeps the sums of their contents.
final class EntryReader {
    private let archive: ArchiveReader
    private let stop: StopSign
    private var next: ArchiveHeader?
    private var sums = SHA256()
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    init(_ archive: ArchiveReader, _ stop: StopSign) { (self.archive, self.stop) = (archive, stop) }

    /// The entry that comes next; it stays to be read.
    func upcoming() throws -> ArchiveHeader? {
        if next == nil { next = try archive.next() }
        return next
    }

    /// Whether all entries have been read.
    func isOver() throws -> Bool { try upcoming() == nil }

    /// An entry that fits into memory.
    func small(_ name: String) throws -> [UInt8] {
        let header = try take(name)
        guard header.length <= 1 << 16 else { throw ParleyError.damaged("\(name) is too large") }
        var bytes: [UInt8] = []
        let sum = try read { bytes.append(contentsOf: $0) }
        note(sum, name)
        return bytes
    }

    /// Reads an entry of this length, into a new file where one is named.
    /// - Returns: its SHA-256.
    @discardableResult
    func content(_ name: String, length: Int, to file: URL?) throws -> String {
        guard try take(name).length == length else { throw ParleyError.damaged("\(name) is longer or shorter than it should be") }
        let sink = try file.map { try OpenFile(making: $0) }
        let sum = try read { try sink?.write($0) }
        note(sum, name)
        return sum
    }

    /// Reads the list of checksums and holds what was read so far against it.
    func checkSums() throws {
        _ = try take(EntryName.checksums)
        let expected = sums.finalize().hexadecimal
        guard try read({ _ in }) == expected else { throw ParleyError.damaged("an entry does not have its checksum") }
    }

    private func take(_ name: String) throws -> ArchiveHeader {
        guard let header = try upcoming(), header.name == name else { throw ParleyError.damaged("\(name) is missing or not in its place") }
        next = nil
        return header
    }

    private func note(_ sum: String, _ name: String) { sums.update(data: Array("\(sum)  \(name)\n".utf8)) }

    private func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> String {
        var sum = SHA256()
        while true {
            try stop.check()
            let count = try buffer.withUnsafeMutableBytes { try archive.read(into: $0) }
            guard count > 0 else { return sum.finalize().hexadecimal }
            try buffer.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))  // fits: above 0
                sum.update(bufferPointer: part)
                try body(part)
            }
        }
    }
}
