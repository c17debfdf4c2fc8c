public import Foundation
public import NIOCore

/// Where documents' bytes lie, each under the SHA-256 of its content.
public protocol BlobStore: Sendable {
    /// Stores a stream and returns its hash and size once the bytes are safely on disk.
    /// - Parameters:
    ///   - limit: in bytes.
    ///   - check: looks at the whole file before it is kept, a large one on a thread that gives way, and throws when it is not wanted.
    /// - Throws: `upload.too_large`, `upload.empty`, `storage.full`, or what the check throws; nothing stays behind then.
    func put<Bytes: AsyncSequence & Sendable, Checked: Sendable>(
        _ bytes: Bytes, limit: Int, check: @escaping @Sendable (URL) throws -> Checked
    ) async throws -> (blob: StoredBlob, checked: Checked) where Bytes.Element == ByteBuffer

    /// The bytes as a local file, for parsers and downloads.
    /// - Throws: `storage.blob_missing`.
    func file(_ hash: String) async throws -> URL
}

/// What was stored.
public struct StoredBlob: Sendable, Hashable {
    /// SHA-256, lower-case hexadecimal.
    public let hash: String
    /// In bytes.
    public let size: Int
}
