import Foundation
import ParleyCore

/// Hashes in a file, one a line, so that a million of them need no memory.
struct HashList {
    private static let width = 65
    let url: URL

    /// Makes the file anew with what the body adds.
    func fill(_ body: ((String) throws -> Void) throws -> Void) throws {
        try? FileManager.default.removeItem(at: url)
        let sink = BufferedSink(try OpenFile(making: url))
        try body { hash in
            guard EntryName.isHash(hash) else { throw ParleyError(.backupFailed, "The database names a file by what is no hash.") }
            try sink.write(Array("\(hash)\n".utf8))
        }
        try sink.finish()
    }

    func visit(_ body: (String) throws -> Void) throws {
        let reader = try reader()
        while let hash = try reader.next() { try body(hash) }
    }

    func reader() throws -> Reader { Reader(BufferedSource(try OpenFile(reading: url))) }

    final class Reader {
        private let source: BufferedSource
        private var line = [UInt8](repeating: 0, count: HashList.width)

        fileprivate init(_ source: BufferedSource) { self.source = source }

        func next() throws -> String? {
            let count = try line.withUnsafeMutableBytes { try source.fill($0) }
            return count == line.count ? String(decoding: line.dropLast(), as: UTF8.self) : nil
        }
    }
}
