import ParleyCore

/// The sizes of a document's type: what is body text, what stands above it as headings.
struct PDFSizes {
    /// The size that most letters have.
    let body: Double
    private let headings: [Double]
    private let gaps: [Int: Double]

    /// - Parameter pages: each page's lines.
    init(_ pages: [[PDFLine]]) {
        var letters: [Int: Int] = [:]
        var pageCounts: [Int: Int] = [:]
        var lineGaps: [Int: [Double]] = [:]
        for lines in pages {
            for line in lines { letters[Self.key(line.size), default: 0] += line.text.utf8.count }
            for size in Set(lines.map { Self.key($0.size) }) { pageCounts[size, default: 0] += 1 }
            for (last, line) in zip(lines, lines.dropFirst())
            where last.block == line.block && Self.key(last.size) == Self.key(line.size) && line.top > last.top {
                lineGaps[Self.key(line.size), default: []].append(line.top - last.bottom)
            }
        }
        let commonest = letters.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
        body = Double(commonest) / 2
        // What one page alone has, such as the cover of a longer document, makes no levels.
        let least = pages.count > 5 ? 2 : 1
        let larger = letters.keys.filter { Double($0) / 2 > Double(commonest) / 2 * 1.12 && pageCounts[$0, default: 0] >= least }
        headings = Self.merged(larger.sorted(by: >).map { Double($0) / 2 })
        gaps = lineGaps.mapValues { $0.sorted()[$0.count / 2] }
    }

    /// How many sizes headings have, at most five.
    var levels: Int { min(headings.count, 5) }

    /// The level of a heading of this size; nil for body text and below.
    func level(_ size: Double) -> Int? {
        guard size > body * 1.12 else { return nil }
        let index = headings.firstIndex { size >= $0 * 0.96 } ?? headings.count
        return min(index + 1, 5)
    }

    /// The usual gap between two lines of this size.
    func gap(_ size: Double) -> Double { max(gaps[Self.key(size)] ?? 0, 0) }

    private static func key(_ size: Double) -> Int { Int(rounding: min(max(size, 0), 10_000) * 2) }

    /// Sizes that differ by less than a twelfth are one.
    private static func merged(_ sizes: [Double]) -> [Double] {
        var kept: [Double] = []
        for size in sizes where kept.last.map({ size < $0 * 0.92 }) ?? true { kept.append(size) }
        return kept
    }
}

/// How far each block of a page reaches to both sides; neighbours in one column count together.
struct PDFMargins {
    private var lefts: [Int: Double] = [:]
    private var rights: [Int: Double] = [:]
    private var centred: Set<Int> = []

    init(_ lines: [PDFLine]) {
        for line in lines {
            lefts[line.block] = min(lefts[line.block] ?? line.left, line.left)
            rights[line.block] = max(rights[line.block] ?? line.right, line.right)
        }
        let blocks = Dictionary(grouping: lines, by: \.block)
        for (block, lines) in blocks where lines.count > 1 {
            let (left, right) = (lefts[block] ?? 0, rights[block] ?? 0)
            let isCentred = lines.allSatisfy { abs(($0.left - left) - (right - $0.right)) < $0.size }
            if isCentred && lines.contains(where: { $0.left - left > $0.size }) { centred.insert(block) }
        }
    }

    func left(_ block: Int) -> Double { lefts[block] ?? 0 }
    func right(_ block: Int) -> Double { rights[block] ?? 0 }
    func isCentred(_ block: Int) -> Bool { centred.contains(block) }
}
