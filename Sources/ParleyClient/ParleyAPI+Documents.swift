public import Foundation
import NIOCore

extension ParleyAPI {
    /// Sends a file, piece by piece.
    /// - Parameters:
    ///   - name: what the document is called; the file's own name when left out.
    /// - Returns: the document, which the server reads from now on; `reading(of:in:)` waits for that.
    public func upload(_ file: URL, to project: String, name: String? = nil, tags: [String] = []) async throws -> Document {
        var path = Outgoing(.get, "/v1/projects/\(project)/documents", ["name": name ?? file.lastPathComponent]).target
        for tag in tags { path = Outgoing(.get, path, ["tags": tag]).target }
        return try await post(path, file: file)
    }

    /// Sends a file's bytes as the raw body, piece by piece.
    public func post<Value: Decodable>(_ path: String, file: URL, as type: Value.Type = Value.self) async throws -> Value {
        var outgoing = Outgoing(.post, path)
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))
            outgoing.body = .file(file, length: (attributes[.size] as? NSNumber)?.int64Value ?? 0)
        } catch {
            throw Problem(
                code: "client.file_unreadable", status: nil, message: "The file \(file.lastPathComponent) cannot be read.", cause: error)
        }
        return try decoded(try await send(outgoing))
    }

    /// The document once it is `ready` or has `failed`; looks again and again, ever more rarely.
    public func reading(of document: String, in project: String) async throws -> Document {
        var pause = Duration.milliseconds(50)
        while true {
            let found: Document = try await get("/v1/projects/\(project)/documents/\(document)")
            if found.state == "ready" || found.state == "failed" { return found }
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .seconds(1))
        }
    }
}

/// A file's bytes in pieces.
struct FileChunks: AsyncSequence, Sendable {
    let url: URL

    func makeAsyncIterator() -> Iterator { Iterator(url: url) }

    struct Iterator: AsyncIteratorProtocol {
        private static let size = 64 << 10
        private let url: URL
        private var handle: FileHandle?

        init(url: URL) { self.url = url }

        mutating func next() async throws -> ByteBuffer? {
            let handle = try handle ?? FileHandle(forReadingFrom: url)
            self.handle = handle
            guard let data = try handle.read(upToCount: Self.size), !data.isEmpty else { return nil }
            return ByteBuffer(bytes: data)
        }
    }
}
