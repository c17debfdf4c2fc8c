public import Foundation
public import NIOCore

/// Where documents' bytes lie, each under the SHA-256 of its content.
public protocol BlobStore: Sendable {
    /// Stores a stream and returns its hash and size once the bytes are safely on disk.
    /// - Throws: `upload.too_large` past the limit (bytes), `upload.empty`, `storage.full`; nothing stays behind then.
    func put<Bytes: AsyncSequence & Sendable>(_ bytes: Bytes, limit: Int) async throws -> StoredBlob where Bytes.Element == ByteBuffer

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
