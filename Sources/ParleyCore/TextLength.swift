/// How long a text may be, in Unicode scalars: what JSON Schema, both databases and `contains` count alike. Swift's characters are no
/// measure: one of them may be made of thousands of scalars.
public struct TextLength: Sendable, Hashable {
    public let range: ClosedRange<Int>

    public init(_ range: ClosedRange<Int>) { self.range = range }

    /// Whether a text is as long as it may be.
    public func contains(_ text: String) -> Bool { range.contains(text.unicodeScalars.count) }

    /// The text, or its beginning where it is too long.
    public func fitted(_ text: some StringProtocol) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, range.upperBound))))
    }
}

extension String {
    /// The text, cut where it has more than so many bytes, with `…` in place of the rest.
    public func shortened(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= bytes else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}
