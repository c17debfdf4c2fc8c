extension String {
    /// Marks that may stand on one letter (Stream-Safe Text, UAX #15, section 13). No script needs as many.
    private static let mostMarks = 30
    /// Text of so many bytes is compared quickly whatever is in it.
    private static let harmless = 500

    /// The text without marks that stand on one letter beyond the thirtieth. To compare, hash or sort text takes Swift time by the square of
    /// their number, so text from outside goes through here before it is anything's name.
    public var streamSafe: String {
        guard utf8.count > Self.harmless, !utf8.allSatisfy({ $0 < 0xCC }) else { return self }
        var kept = String.UnicodeScalarView()
        var (marks, isWhole) = (0, true)
        for scalar in unicodeScalars {
            let isMark = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
            marks = isMark ? marks + 1 : 0
            if marks <= Self.mostMarks { kept.append(scalar) } else { isWhole = false }
        }
        return isWhole ? self : String(kept)
    }
}
