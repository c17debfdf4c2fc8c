import ParleyCore

/// Which chunk each row of a segment holds, what filters look at, and which rows are still alive.
/// A value: changing a copy leaves readers of the original alone.
struct RowDirectory: Sendable {
    /// By row.
    private(set) var chunks: [ChunkID] = []
    private var rows: [ChunkID: UInt32] = [:]
    /// By row: the place in `attributes`.
    private var owners: [UInt32] = []
    /// By document.
    private var attributes: [ChunkAttributes] = []
    private var documents: [DocumentID: UInt32] = [:]
    private(set) var live = Bitmap(rows: 0)
    private(set) var liveCount = 0

    /// A directory of these rows, all alive; the chunks are all different.
    init(_ entries: [(chunk: ChunkID, attributes: ChunkAttributes)]) {
        chunks.reserveCapacity(entries.count)
        owners.reserveCapacity(entries.count)
        for (row, entry) in entries.enumerated() {
            chunks.append(entry.chunk)
            rows[entry.chunk] = UInt32(row)
            owners.append(owner(entry.attributes))
        }
        live = Bitmap(rows: chunks.count, repeating: true)
        liveCount = chunks.count
    }

    private mutating func owner(_ value: ChunkAttributes) -> UInt32 {
        if let known = documents[value.document] {
            attributes[Int(known)] = value
            return known
        }
        let new = UInt32(attributes.count)
        documents[value.document] = new
        attributes.append(value)
        return new
    }

    /// The live row of a chunk.
    func row(_ chunk: ChunkID) -> Int? {
        guard let row = rows[chunk], live[Int(row)] else { return nil }
        return Int(row)
    }

    func attributes(ofRow row: Int) -> ChunkAttributes { attributes[Int(owners[row])] }

    /// Live rows that the filter admits.
    func admitted(_ filter: SearchFilter) -> Bitmap {
        guard filter != .none else { return live }
        let admits = attributes.map(filter.admits)
        guard admits.contains(false) else { return live }
        var result = live
        live.eachRow { row in if !admits[Int(owners[row])] { result[row] = false } }
        return result
    }

    /// Marks a chunk's row as dead and returns it; nil when there is no live one.
    mutating func kill(_ chunk: ChunkID) -> Int? {
        guard let row = row(chunk) else { return nil }
        live[row] = false
        liveCount -= 1
        return row
    }

    /// The live chunks of these documents.
    func chunks(of wanted: Set<DocumentID>) -> [ChunkID] {
        let owners = Set(wanted.compactMap { documents[$0] })
        guard !owners.isEmpty else { return [] }
        var found: [ChunkID] = []
        live.eachRow { row in if owners.contains(self.owners[row]) { found.append(chunks[row]) } }
        return found
    }

    mutating func update(_ changes: [DocumentID: ChunkAttributes]) {
        for (document, value) in changes {
            guard let owner = documents[document] else { continue }
            attributes[Int(owner)] = value
            attributes[Int(owner)].document = document
        }
    }
}
