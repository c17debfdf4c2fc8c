/// One bit for each row of a segment.
struct Bitmap: Sendable {
    private(set) var words: [UInt64]
    /// How many rows there are.
    let rows: Int

    init(rows: Int, repeating value: Bool = false) {
        self.rows = rows
        words = Array(repeating: value ? .max : 0, count: (rows + 63) / 64)
        if value, rows % 64 != 0, let last = words.indices.last { words[last] = (1 << UInt64(rows % 64)) - 1 }
    }

    subscript(row: Int) -> Bool {
        get { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }
        set {
            let bit: UInt64 = 1 << UInt64(row & 63)
            if newValue { words[row >> 6] |= bit } else { words[row >> 6] &= ~bit }
        }
    }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    mutating func formIntersection(_ other: Bitmap) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func subtract(_ other: Bitmap) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    /// The set rows, ascending.
    var rowsSet: [Int] {
        var result: [Int] = []
        eachRow { result.append($0) }
        return result
    }

    /// Calls the body with each set row, ascending.
    func eachRow(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(index << 6 | rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
