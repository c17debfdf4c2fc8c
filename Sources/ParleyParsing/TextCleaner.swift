import Foundation
import ParleyCore

/// Makes any text fit for storing and citing without changing its characters: line ends become `\n`,
/// control characters go, trailing white space goes, and letters that were taken apart are put together (NFC).
enum TextCleaner {
    /// Line ends normalised, control characters and marks beyond all use dropped.
    static func normalise(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F || $0 >= 0x80 }) else { return text }
        var result = String.UnicodeScalarView()
        var (afterReturn, isApart) = (false, false)
        for scalar in text.streamSafe.unicodeScalars {
            if scalar == "\n" && afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            if let kept = replacement(scalar) { result.append(kept) }
            isApart = isApart || joinsLetters(scalar)
        }
        return isApart ? composed(result) : String(result)
    }

    /// Each letter with its marks, and each Korean syllable, as one scalar where there is one; all else stays.
    private static func composed(_ scalars: String.UnicodeScalarView) -> String {
        var result = String.UnicodeScalarView()
        var (cluster, isApart) = (String.UnicodeScalarView(), false)
        func composed() -> String.UnicodeScalarView {
            isApart ? String(cluster).precomposedStringWithCanonicalMapping.unicodeScalars : cluster
        }
        for scalar in scalars {
            if joinsLetters(scalar) {
                isApart = true
            } else {
                result.append(contentsOf: composed())
                (cluster, isApart) = (String.UnicodeScalarView(), false)
            }
            cluster.append(scalar)
        }
        result.append(contentsOf: composed())
        return String(result)
    }

    /// Marks that letters have a form with, and the later parts of Korean syllables.
    private static func joinsLetters(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x36F, 0x653...0x655, 0x1161...0x11FF, 0x3099, 0x309A: true
        default: false
        }
    }

    private static func replacement(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x09, 0x0A: scalar
        case 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029: "\n"
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFF9...0xFFFB: nil
        case 0xFFFE, 0xFFFF: nil
        default: scalar
        }
    }

    /// `normalise`, with trailing white space of each line and blank lines at both ends removed.
    static func clean(_ text: String, keepsIndentation: Bool = false) -> String {
        let lines = normalise(text).utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { trimEnd(Substring($0)) }
        let kept = lines.drop(while: \.isEmpty)
        guard let last = kept.lastIndex(where: { !$0.isEmpty }) else { return "" }
        let joined = kept[...last].joined(separator: "\n")
        return keepsIndentation ? joined : String(joined.unicodeScalars.drop { $0.properties.isWhitespace })
    }

    /// All white space runs become one space.
    static func line(_ text: String) -> String {
        normalise(text).unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }.joined(separator: " ")
    }

    private static func trimEnd(_ line: Substring) -> Substring {
        var scalars = line.unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return Substring(scalars)
    }
}
