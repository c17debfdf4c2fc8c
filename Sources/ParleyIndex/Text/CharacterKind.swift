/// What a Unicode scalar does in a text that is cut into words.
enum CharacterKind {
    /// Part of a word: letters, digits, the marks on them.
    case word
    /// A letter of a script written without spaces (Chinese, Japanese, Thai …) or with words that stick together (Korean).
    case dense
    /// A symbol that is searched for itself.
    case emoji
    /// Holds an identifier together: `_ - . / : @ + # & '` and the like.
    case joiner
    /// Between words.
    case gap
    /// Neither seen nor a boundary: soft hyphen, zero-width joiner, variation selector.
    case ignored

    private static let ascii: [CharacterKind] = (UInt8.min..<128).map { value in
        switch value {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): .word
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"),
            UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "\\"):
            .joiner
        default: .gap
        }
    }

    init(_ scalar: Unicode.Scalar) {
        self = scalar.value < 128 ? Self.ascii[Int(scalar.value)] : Self.beyondASCII(scalar)
    }

    private static func beyondASCII(_ scalar: Unicode.Scalar) -> CharacterKind {
        switch scalar.value {
        case 0xAD, 0x200B...0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF, 0x1F3FB...0x1F3FF: .ignored
        case 0x2019, 0x2010, 0x2011: .joiner
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x3040...0x30FF, 0x3130...0x318F, 0x31F0...0x31FF,
            0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            isWord(scalar) ? .dense : .gap
        default: isWord(scalar) ? .word : isEmoji(scalar) ? .emoji : .gap
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmojiPresentation || (scalar.value > 0xFF && scalar.properties.isEmoji)
    }
}
