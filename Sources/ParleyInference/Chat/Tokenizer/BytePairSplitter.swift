/// Cuts text into the pieces that byte pairs never cross: each numeral alone, and between numerals the pieces of GPT-2's pattern
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
struct BytePairSplitter {
    private enum Kind: UInt8 { case letter, numeral, space, other }

    private let scalars: [Unicode.Scalar]
    private let kinds: [Kind]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        kinds = scalars.map(Self.kind)
    }

    /// The next piece as UTF-8; nil at the end.
    mutating func next() -> [UInt8]? {
        guard position < scalars.count else { return nil }
        let start = position
        position = end(ofPieceAt: start)
        return scalars[start..<position].flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
    }

    private func end(ofPieceAt start: Int) -> Int {
        if kinds[start] == .numeral { return start + 1 }
        if let length = contraction(at: start) { return start + length }
        var end = start
        if scalars[start] == " ", start + 1 < kinds.count, kinds[start + 1] == .letter || kinds[start + 1] == .other { end += 1 }
        let kind = kinds[end]
        while end < kinds.count, kinds[end] == kind { end += 1 }
        // `\s+(?!\S)`: the last blank before a word goes with the word; numerals are cut off before the pattern sees them.
        if kind == .space, end < kinds.count, kinds[end] != .numeral, end - start > 1 { end -= 1 }
        return end
    }

    /// Scalars of an English contraction such as `'ll`; nil where there is none.
    private func contraction(at start: Int) -> Int? {
        guard scalars[start] == "'", start + 1 < scalars.count else { return nil }
        switch scalars[start + 1] {
        case "s", "t", "m", "d": return 2
        case "r", "v": return start + 2 < scalars.count && scalars[start + 2] == "e" ? 3 : nil
        case "l": return start + 2 < scalars.count && scalars[start + 2] == "l" ? 3 : nil
        default: return nil
        }
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 65...90, 97...122: return .letter
        case 48...57: return .numeral
        case 9...13, 32: return .space
        case 0..<128: return .other
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .numeral
        default: return scalar.properties.isWhitespace ? .space : .other
        }
    }
}
