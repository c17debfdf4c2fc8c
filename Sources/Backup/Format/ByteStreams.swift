/// Takes bytes in order.
protocol ByteSink {
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Called once, after the last byte.
    func finish() throws
}

/// Gives bytes in order.
protocol ByteSource {
    /// Puts the next bytes into the buffer, which is not empty.
    /// - Returns: how many; 0 at the end alone.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
    /// Fills the buffer, or as much of it as there is.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var count = 0
        while count < buffer.count {
            let step = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            if step == 0 { break }
            count += step
        }
        return count
    }
}

extension ByteSink {
    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
}

/// Collects small writes.
final class BufferedSink: ByteSink {
    private static let size = 1 << 18
    private let sink: any ByteSink
    private var buffer: [UInt8] = []

    init(_ sink: any ByteSink) {
        self.sink = sink
        buffer.reserveCapacity(Self.size)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > Self.size { try flush() }
        if bytes.count >= Self.size { try sink.write(bytes) } else { buffer.append(contentsOf: bytes) }
    }

    func finish() throws {
        try flush()
        try sink.finish()
    }

    private func flush() throws {
        try sink.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Reads ahead for small reads.
final class BufferedSource: ByteSource {
    private static let size = 1 << 18
    private let source: any ByteSource
    private var buffer = [UInt8](repeating: 0, count: size)
    private var ready = 0..<0

    init(_ source: any ByteSource) { self.source = source }

    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        if ready.isEmpty { ready = 0..<(try buffer.withUnsafeMutableBytes { try source.read(into: $0) }) }
        let count = min(ready.count, target.count)
        // fits: the lesser of two counts
        buffer.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[ready.prefix(count)])) }
        ready = (ready.lowerBound + count)..<ready.upperBound
        return count
    }

    /// The next bytes, which stay to be read: `count` of them, or as many as there are.
    func peek(_ count: Int) throws -> ArraySlice<UInt8> {
        if ready.isEmpty { ready = 0..<(try buffer.withUnsafeMutableBytes { try source.fill($0) }) }
        return buffer[ready.prefix(max(0, count))]
    }
}
