import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension ResponseBody {
    /// All of the body. For bodies that are already in memory.
    func bytes() async throws -> [UInt8] {
        let sink = BodySink()
        try await write(BodyCollector(sink: sink))
        return sink.bytes.withLock { $0 }
    }
}

/// Takes a body's bytes into memory.
private struct BodyCollector: ResponseBodyWriter {
    let sink: BodySink

    mutating func write(_ buffer: ByteBuffer) async throws { sink.bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) } }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

private final class BodySink: Sendable {
    let bytes = Mutex<[UInt8]>([])
}
