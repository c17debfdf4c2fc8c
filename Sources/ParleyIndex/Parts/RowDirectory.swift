import ParleyCore

/// Which chunk each row of a segment belongs to, what filters look at, and which rows are still alive.
/// A value: changing a copy leaves readers of the original alone.
struct RowDirectory: Sendable {
    /// By row.
    private(set) var chunks: [ChunkID] = []
    private var rows: [ChunkID: Range<UInt32>] = [:]
    /// By row: the place in `attributes`.
    private var owners: [UInt32] = []
    /// By document.
    private var attributes: [ChunkAttributes] = []
    private var documents: [DocumentID: UInt32] = [:]
    private(set) var live = Bitmap(rows: 0)
    /// Live chunks.
    private(set) var liveCount = 0

    /// What a chunk brings: who it is, and how many rows it takes, one after another.
    struct Entry {
        let chunk: ChunkID
        let attributes: ChunkAttributes
        var rows = 1
    }

    /// A directory of these chunks, all alive and all different.
    init(_ entries: [Entry]) {
        rows.reserveCapacity(entries.count)
        for entry in entries {
            let first = UInt32(clamping: chunks.count)
            let owner = owner(entry.attributes)
            for _ in 0..<entry.rows {
                chunks.append(entry.chunk)
                owners.append(owner)
            }
            rows[entry.chunk] = first..<UInt32(clamping: chunks.count)
        }
        live = Bitmap(rows: chunks.count, repeating: true)
        liveCount = entries.count
    }

    /// The live chunks with their rows, in the order of the rows.
    var liveEntries: [(entry: Entry, rows: Range<Int>)] {
        var result: [(entry: Entry, rows: Range<Int>)] = []
        var row = 0
        while row < chunks.count {
            let range = rows[chunks[row]].map { Int($0.lowerBound)..<Int($0.upperBound) } ?? row..<row + 1
            if live[row] {
                result.append((Entry(chunk: chunks[row], attributes: attributes[Int(owners[row])], rows: range.count), range))
            }
            row = range.upperBound
        }
        return result
    }

    private mutating func owner(_ value: ChunkAttributes) -> UInt32 {
        if let known = documents[value.document] {
            attributes[Int(known)] = value
            return known
        }
        let new = UInt32(clamping: attributes.count)
        documents[value.document] = new
        attributes.append(value)
        return new
    }

    /// The rows of a live chunk.
    func rows(of chunk: ChunkID) -> Range<Int>? {
        guard let rows = rows[chunk], live[Int(rows.lowerBound)] else { return nil }
        return Int(rows.lowerBound)..<Int(rows.upperBound)
    }

    /// Live rows that the filter admits.
    func admitted(_ filter: SearchFilter) -> Bitmap {
        guard filter != .none else { return live }
        let admits = attributes.map(filter.admits)
        guard admits.contains(false) else { return live }
        var result = live
        live.eachRow { row in if !admits[Int(owners[row])] { result[row] = false } }
        return result
    }

    /// Marks a chunk's rows as dead and returns them; none when it is not alive.
    mutating func kill(_ chunk: ChunkID) -> Range<Int> {
        guard let rows = rows(of: chunk) else { return 0..<0 }
        for row in rows { live[row] = false }
        liveCount -= 1
        return rows
    }

    /// The live chunks of these documents.
    func chunks(of wanted: Set<DocumentID>) -> [ChunkID] {
        let owners = Set(wanted.compactMap { documents[$0] })
        guard !owners.isEmpty else { return [] }
        var found: [ChunkID] = []
        live.eachRow { row in if owners.contains(self.owners[row]), found.last != chunks[row] { found.append(chunks[row]) } }
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
