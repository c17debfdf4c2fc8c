/// For each term of a segment: the rows that hold it, how often, and at which places.
/// Columns side by side; places as variable-length integers, most of them one byte.
struct Postings: Sendable {
    /// By term: where its rows begin; one more at the end.
    private var starts: [UInt32] = [0]
    private var rows: [UInt32] = []
    private var frequencies: [UInt16] = []
    /// By term: where its places begin; one more at the end.
    private var placeStarts: [UInt32] = [0]
    private var places: [UInt8] = []

    /// One occurrence of a term in a row.
    struct Place {
        let position: UInt32
        let variant: UInt32
    }

    /// Appends the next row of the term being built; rows ascend, so do places. Only the first 65,535 places are kept.
    mutating func append(row: UInt32, _ occurrences: some Collection<Place>) {
        rows.append(row)
        frequencies.append(UInt16(clamping: occurrences.count))
        var last: UInt32 = 0
        for place in occurrences.prefix(65_535) {
            let step = UInt64(place.position &- last)  // fits: widened
            appendNumber(step << 1 | (place.variant == 0 ? 0 : 1))
            if place.variant != 0 { appendNumber(UInt64(place.variant)) }
            last = place.position
        }
    }

    /// Ends the term being built.
    mutating func endTerm() {
        starts.append(UInt32(clamping: rows.count))
        placeStarts.append(UInt32(clamping: places.count))
    }

    private mutating func appendNumber(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            places.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        places.append(UInt8(truncatingIfNeeded: rest))
    }

    private func range(_ term: UInt32) -> Range<Int> { Int(starts[Int(term)])..<Int(starts[Int(term) + 1]) }

    /// The rows of a term, ascending, with its frequency in each.
    func withRows<Result>(_ term: UInt32, _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt16>) -> Result) -> Result {
        let range = range(term)
        return rows.withUnsafeBufferPointer { rows in
            frequencies.withUnsafeBufferPointer { frequencies in
                body(UnsafeBufferPointer(rebasing: rows[range]), UnsafeBufferPointer(rebasing: frequencies[range]))
            }
        }
    }

    /// How often a term stands in a row; 0 when it does not.
    func frequency(_ term: UInt32, row: UInt32) -> UInt16 {
        withRows(term) { rows, frequencies in
            var (low, high) = (0, rows.count)
            while low < high {
                let middle = (low + high) / 2
                if rows[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low < rows.count && rows[low] == row ? frequencies[low] : 0
        }
    }

    /// Calls the body with each row of a term and its places there.
    func forEachRow(_ term: UInt32, _ body: (UInt32, [Place]) -> Void) {
        var reader = Reader(bytes: places, at: Int(placeStarts[Int(term)]))
        var found: [Place] = []
        for index in range(term) {
            found.removeAll(keepingCapacity: true)
            var position: UInt32 = 0
            for _ in 0..<frequencies[index] {
                let number = reader.next()
                position &+= UInt32(truncatingIfNeeded: number >> 1)
                found.append(Place(position: position, variant: number & 1 == 0 ? 0 : UInt32(truncatingIfNeeded: reader.next())))
            }
            body(rows[index], found)
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var at: Int

        mutating func next() -> UInt64 {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { break }
                shift += 7
            }
            return value
        }
    }
}
