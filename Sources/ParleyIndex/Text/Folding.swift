import Foundation

/// Makes spellings of one word equal: case, compatibility forms (full width, ligatures, superscripts), accents.
enum Folding {
    /// The folded form of a word.
    static func fold(_ word: Substring.UnicodeScalarView) -> String {
        if word.allSatisfy(\.isASCII) {
            return String(
                decoding: word.map { UInt8(truncatingIfNeeded: $0.value) | (("A"..."Z").contains($0) ? 0x20 : 0) }, as: UTF8.self)
        }
        let lower = String(Substring(word)).lowercased()
        let decomposed = lower.decomposedStringWithCompatibilityMapping.unicodeScalars
        var result = String.UnicodeScalarView()
        for scalar in decomposed where !isAccent(scalar) && CharacterKind(scalar) != .ignored {
            if let letters = letters[scalar] { result.append(contentsOf: letters.unicodeScalars) } else { result.append(scalar) }
        }
        // Korean syllables were taken apart with the rest; this puts them together again.
        return String(result).precomposedStringWithCanonicalMapping
    }

    /// A text whose Korean syllables and kana are whole, however they were typed: letters by themselves, half as wide, or with the sound mark
    /// apart. They are looked at one by one, so that folding each would come too late.
    static func composed(_ text: String) -> String {
        text.unicodeScalars.contains(where: isPart)
            ? text.decomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping : text
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0x3099, 0x309A, 0x3130...0x318F, 0xA960...0xA97F, 0xD7B0...0xD7FF, 0xFF61...0xFFDC: true
        default: false
        }
    }

    /// Marks that writers leave out as often as not; not those of Indic or Thai script, which are letters in all but name.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0300...0x036F, 0x0483...0x0487, 0x0591...0x05BD, 0x05BF...0x05C7, 0x0610...0x061A, 0x064B...0x065F, 0x0670, 0x1DC0...0x1DFF:
            true
        default: false
        }
    }

    /// Letters that Unicode does not take apart.
    private static let letters: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h", "ŋ": "n", "ς": "σ",
        "\u{2019}": "'", "\u{2010}": "-", "\u{2011}": "-",
    ]
}
