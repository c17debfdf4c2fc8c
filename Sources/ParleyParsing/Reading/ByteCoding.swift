/// Writes numbers and texts one after the other; numbers are little-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    mutating func write(_ value: Int) { write(UInt64(truncatingIfNeeded: value)) }
    mutating func write(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }

    /// Its UTF-8 with the length before it.
    mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(_ text: String?) {
        write(text == nil ? 0 as UInt32 : 1)
        if let text { write(text) }
    }
}

/// Reads what `ByteWriter` wrote. What is no such thing throws, whatever it is.
struct ByteReader {
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw Malformed() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func uint64() throws(Malformed) -> UInt64 { try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    mutating func int() throws(Malformed) -> Int { Int(truncatingIfNeeded: try uint64()) }
    mutating func uint32() throws(Malformed) -> UInt32 { try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } }

    mutating func string() throws(Malformed) -> String {
        let count = try int()
        guard let text = String(validating: try take(count), as: UTF8.self) else { throw Malformed() }
        return text
    }

    mutating func optionalString() throws(Malformed) -> String? { try uint32() == 0 ? nil : try string() }
}
