internal import Foundation
internal import ParleyCore

/// A quick fingerprint that tells models apart (FNV-1a over 64-bit words). It guards against mistakes, not against forgery.
struct Fingerprint: CustomStringConvertible {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    var description: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits  // fits: 64 bits have 16 digits at most
    }

    mutating func add(text: String) { add(bytes: Data(text.utf8)) }

    /// Adds a file's size and 64 KiB from each of 16 places spread over it; nothing when there is no such file.
    mutating func add(sampleOf path: String) throws(ParleyError) {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        do {
            let size = try file.seekToEnd()
            let piece: UInt64 = 1 << 16
            add(word: size)
            // fits: a large file's sixteenth is above 0
            let places = size <= 16 * piece ? stride(from: 0, to: size, by: Int(piece)) : stride(from: 0, to: size, by: Int(size / 16))
            for place in places {
                try file.seek(toOffset: place)
                add(bytes: try file.read(upToCount: Int(piece)) ?? Data())
            }
            try file.close()
        } catch {
            throw ParleyError(.embeddingModelMissing, "The file \(path) cannot be read; check its permissions.", cause: error)
        }
    }

    private mutating func add(word: UInt64) { state = (state ^ word) &* 0x100_0000_01B3 }

    private mutating func add(bytes: Data) {
        add(word: UInt64(bytes.count))
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                add(word: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            for byte in bytes[offset...] { add(word: UInt64(byte)) }  // fits: a byte
        }
    }
}
