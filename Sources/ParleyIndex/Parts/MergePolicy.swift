/// When segments are merged: eight of one size class (powers of eight rows) become one, so that there are few segments
/// and a row is copied only a logarithmic number of times; a segment that is mostly dead is rewritten alone.
enum MergePolicy {
    static let width = 8

    /// The segments to merge next, by place; nil when all is well.
    /// - Parameter sizes: live and all rows of each segment, in order.
    static func next(_ sizes: [(live: Int, rows: Int)]) -> [Int]? {
        if let wasted = sizes.firstIndex(where: { $0.live * 2 < $0.rows }) { return [wasted] }
        let classes = Dictionary(grouping: sizes.indices) { sizeClass(sizes[$0].live) }
        return classes.filter { $0.value.count >= width }.min { $0.key < $1.key }?.value
    }

    private static func sizeClass(_ rows: Int) -> Int { (Int.bitWidth - max(1, rows).leadingZeroBitCount - 1) / 3 }
}
