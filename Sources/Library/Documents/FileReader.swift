import Foundation
import NIOCore
import NIOPosix

/// A stored file's bytes in pieces of 64 KiB, read off the cooperative pool.
struct FileReader: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    private static let piece: Int64 = 64 * 1024

    private let file: URL
    private let range: Range<Int64>

    /// - Parameter range: of bytes.
    init(_ file: URL, _ range: Range<Int64>) { (self.file, self.range) = (file, range) }

    func makeAsyncIterator() -> Iterator { Iterator(file: file, left: range) }

    struct Iterator: AsyncIteratorProtocol {
        let file: URL
        var left: Range<Int64>
        var handle: FileHandle?

        mutating func next() async throws -> ByteBuffer? {
            guard !left.isEmpty else { return nil }
            let start = left.lowerBound
            let count = Int(Swift.min(FileReader.piece, left.upperBound - start))
            let (file, opened) = (file, handle)
            let (handle, data) = try await NIOThreadPool.singleton.runIfActive {
                let handle = try opened ?? FileHandle(forReadingFrom: file)
                if opened == nil { try handle.seek(toOffset: UInt64(start)) }  // fits: a range of bytes, which begins at 0
                return (handle, try handle.read(upToCount: count) ?? Data())
            }
            self.handle = handle
            left = data.isEmpty ? left.upperBound..<left.upperBound : (start + Int64(data.count))..<left.upperBound
            return data.isEmpty ? nil : ByteBuffer(bytes: data)
        }
    }
}
