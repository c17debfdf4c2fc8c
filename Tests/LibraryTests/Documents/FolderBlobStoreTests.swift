import Foundation
import NIOCore
import ParleyCore
import ParleyParsing
import Testing

@testable import Library

@Suite struct FolderBlobStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "parley-blobs-" + UUID().uuidString)

    private func withStore(_ body: (FolderBlobStore) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(try FolderBlobStore(folder: folder))
    }

    private func stream(_ pieces: [String], thenThrows: Bool = false) -> AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { continuation in
            for piece in pieces { continuation.yield(ByteBuffer(string: piece)) }
            continuation.finish(throwing: thenThrows ? Cut() : nil)
        }
    }

    private struct Cut: Error {}

    private func put(_ bytes: AsyncThrowingStream<ByteBuffer, any Error>, limit: Int, in store: FolderBlobStore) async throws -> StoredBlob
    {
        try await store.put(bytes, limit: limit) { _ in }.blob
    }

    private func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.count > 60 || $0.hasPrefix("incoming/") }
    }

    @Test func bytesLieUnderTheirHash() async throws {
        try await withStore { store in
            let blob = try await put(stream(["a", "", "bc"]), limit: 3, in: store)
            #expect(blob == StoredBlob(hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", size: 3))
            let file = try await store.file(blob.hash)
            #expect(try Data(contentsOf: file) == Data("abc".utf8))
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "only the server reads them")
            #expect(try await put(stream(["abc"]), limit: 3, in: store) == blob)
            #expect(try files() == ["ba/" + blob.hash])
        }
    }

    @Test func nothingStaysBehindOfWhatIsRefused() async throws {
        try await withStore { store in
            let large = await #expect(throws: ParleyError.self) { try await put(stream(["abc", "d"]), limit: 3, in: store) }
            #expect(large?.code == .uploadTooLarge)
            let empty = await #expect(throws: ParleyError.self) { try await put(stream([""]), limit: 3, in: store) }
            #expect(empty?.code == .uploadEmpty)
            await #expect(throws: Cut.self) { try await put(stream(["ab"], thenThrows: true), limit: 3, in: store) }
            await #expect(throws: Cut.self) { try await store.put(stream(["ab"]), limit: 3) { _ in throw Cut() } }
            let left = try files()
            #expect(left.isEmpty)
        }
    }

    @Test func ofManyWhoPutTheSameBytesAllAreServed() async throws {
        try await withStore { store in
            let text = String(repeating: "0123456789", count: 20_000)
            let blobs = try await withThrowingTaskGroup(of: StoredBlob.self) { group in
                for _ in 0..<8 { group.addTask { try await put(stream([text, text]), limit: 1 << 20, in: store) } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(blobs.count == 1 && blobs.first?.size == 400_000)
            #expect(try files().count == 1)
        }
    }

    @Test func aMissingFileIsTold() async throws {
        try await withStore { store in
            let error = await #expect(throws: ParleyError.self) { try await store.file(String(repeating: "0", count: 64)) }
            #expect(error?.code == .blobMissing)
        }
    }

    @Test func aFileIsReadInRanges() async throws {
        try await withStore { store in
            let text = (0..<30_000).map { "\($0) " }.joined()
            let file = try await store.file(try await put(stream([text]), limit: 1 << 20, in: store).hash)
            for range in [0..<Int64(text.utf8.count), 5..<9, 65_530..<65_545, 70_000..<70_000, 10..<Int64(text.utf8.count) + 50] {
                var bytes: [UInt8] = []
                for try await buffer in FileReader(file, range) { bytes += Array(buffer: buffer) }
                let end = min(Int(range.upperBound), text.utf8.count)
                #expect(bytes == Array(Array(text.utf8)[Int(range.lowerBound)..<end]), "\(range)")
            }
        }
    }
}
