/// Measures text in the tokens of a model, so that chunks fit what the model can see.
public protocol TokenCounting: Sendable {
    /// Tokens of the text itself, without the marks that the model puts around it; 0 for blank text.
    func tokenCount(_ text: String) -> Int

    /// Where each token stands: half-open ranges of Unicode scalars of `text`, ascending, not overlapping.
    /// The pieces of one word touch each other or enclose marks that the model drops.
    func tokenRanges(_ text: String) -> [Range<Int>]
}

/// Counts without any file, for when no tokenizer is installed: words in pieces of four letters, of two in scripts without spaces, Chinese
/// characters, kana and Korean syllables each alone, and so every other visible sign.
/// Over many languages it gives a few percent more than a WordPiece tokenizer does, so chunks made with it still fit.
public struct ApproximateTokenCounter: TokenCounting {
    public init() {}

    public func tokenCount(_ text: String) -> Int { tokenRanges(text).count }

    public func tokenRanges(_ text: String) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        var longest = 4
        var index = 0
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            let isLetter = properties.isAlphabetic || properties.numericType != nil
            let length = isLetter ? Self.longestPiece(scalar) : longest
            if let open = start, !isLetter || index - open >= longest || length != longest {
                ranges.append(open..<index)
                start = nil
            }
            if isLetter {
                if start == nil { (start, longest) = (index, length) }
            } else if !properties.isWhitespace, !properties.isDefaultIgnorableCodePoint {
                ranges.append(index..<index + 1)
            }
            index += 1
        }
        if let start { ranges.append(start..<index) }
        return ranges
    }

    private static func longestPiece(_ letter: Unicode.Scalar) -> Int {
        switch letter.value {
        case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF: 2
        case 0x1100...0x11FF, 0x3040...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3FFFF: 1
        default: 4
        }
    }
}
