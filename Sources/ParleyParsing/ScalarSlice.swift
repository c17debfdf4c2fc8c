extension String {
    /// The scalars in `[from, to)`; bounds past the end give what there is.
    package func scalarSlice(from: Int, to: Int) -> String {
        var cursor = ScalarCursor(self)
        return cursor.slice(from: from, to: to)
    }
}

/// Cuts slices out of a text; in rising order all of them together cost one pass.
struct ScalarCursor {
    private let scalars: String.UnicodeScalarView
    private var index: String.UnicodeScalarView.Index
    private var offset = 0

    init(_ text: String) {
        scalars = text.unicodeScalars
        index = scalars.startIndex
    }

    /// The scalars in `[from, to)`; bounds past the end give what there is.
    mutating func slice(from: Int, to: Int) -> String {
        move(to: max(from, 0))
        let start = index
        let end = scalars.index(start, offsetBy: max(to - max(from, 0), 0), limitedBy: scalars.endIndex) ?? scalars.endIndex
        return String(scalars[start..<end])
    }

    private mutating func move(to target: Int) {
        if target < offset { (index, offset) = (scalars.startIndex, 0) }
        index = scalars.index(index, offsetBy: target - offset, limitedBy: scalars.endIndex) ?? scalars.endIndex
        offset = target
    }
}
