/// The pieces of a WordPiece tokenizer, found by their bytes: an open-addressing table over one pool, hashed with FNV-1a so that
/// the hash of every prefix of a word comes from one pass.
struct WordPieceVocabulary: Sendable {
    private var pool: [UInt8] = []
    private var ends: [Int] = []
    private var table: [Int32] = []
    /// Bytes of the longest piece.
    private(set) var longest = 0

    /// - Parameter pieces: in the order of their ids; empty ones are never found.
    init(_ pieces: [[UInt8]]) {
        for piece in pieces {
            pool += piece
            ends.append(pool.count)
            longest = max(longest, piece.count)
        }
        var capacity = 16
        while capacity < pieces.count * 2 { capacity *= 2 }
        table = [Int32](repeating: -1, count: capacity)
        for (id, piece) in pieces.enumerated() where !piece.isEmpty {
            var slot = Self.slot(Self.hash(piece[...]), capacity)
            while table[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
            table[slot] = Int32(id)  // fits: a line of a vocabulary
        }
    }

    var count: Int { ends.count }

    /// The id of a whole piece, given as text.
    func id(_ piece: String) -> Int32? {
        let bytes = Array(piece.utf8)
        return bytes.withUnsafeBufferPointer { find($0[...], prefix: [], hash: Self.hash(bytes[...])) }
    }

    static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    static func extend(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }  // fits: a byte

    static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(emptyHash, extend) }

    /// The id of the piece that consists of `prefix` and `bytes`; `hash` is the hash of both together.
    func find(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, prefix: [UInt8], hash: UInt64) -> Int32? {
        var slot = Self.slot(hash, table.count)
        while true {
            let id = table[slot]
            if id < 0 { return nil }
            if matches(Int(id), bytes, prefix) { return id }
            slot = (slot + 1) & (table.count - 1)
        }
    }

    @inline(__always)
    private func matches(_ id: Int, _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ prefix: [UInt8]) -> Bool {
        let start = id == 0 ? 0 : ends[id - 1]
        guard ends[id] - start == bytes.count + prefix.count else { return false }
        return pool.withUnsafeBufferPointer { pool in
            pool[start..<start + prefix.count].elementsEqual(prefix) && pool[start + prefix.count..<ends[id]].elementsEqual(bytes)
        }
    }

    @inline(__always)
    private static func slot(_ hash: UInt64, _ capacity: Int) -> Int {
        Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & UInt64(capacity - 1))  // fits: a capacity is 16 or more
    }
}
