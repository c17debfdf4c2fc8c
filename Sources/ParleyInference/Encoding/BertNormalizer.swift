internal import Foundation

/// What one scalar of a text becomes before it is cut into pieces.
enum NormalizedScalar: Sendable {
    /// Ends a word.
    case space
    /// A word by itself: punctuation, or an ideograph.
    case alone(Unicode.Scalar)
    case letter(Unicode.Scalar)
}

/// BERT's text cleaning (`BertNormalizer` and `BertPreTokenizer` of Hugging Face's tokenizers) scalar by scalar: control characters
/// fall out, ideographs stand alone, accents are stripped, letters become small.
struct BertNormalizer: Sendable {
    struct Options: Equatable, Sendable {
        var lowercase = true
        /// Nil: as `lowercase`.
        var stripAccents: Bool?
        var separateIdeographs = true
        var cleanText = true
    }

    private let options: Options
    private var parts: [NormalizedScalar] = []
    private var starts: [Int32] = [0]

    /// Scalars below this are looked up in a table made once; it ends after Latin, Greek, Cyrillic and general punctuation.
    private static let tabled: UInt32 = 0x2100

    init(_ options: Options) {
        self.options = options
        for value in 0..<Self.tabled {
            if let scalar = Unicode.Scalar(value) { parts += normalize(scalar) }
            starts.append(Int32(parts.count))  // fits: a few parts for each scalar of the table
        }
    }

    /// Calls `body` with each part of the normalized scalar: none when it falls out, several when it decomposes.
    @inline(__always)
    func forEachPart(of scalar: Unicode.Scalar, _ body: (NormalizedScalar) -> Void) {
        if scalar.value < Self.tabled {
            let index = Int(scalar.value)
            for part in Int(starts[index])..<Int(starts[index + 1]) { body(parts[part]) }
        } else {
            for part in normalize(scalar) { body(part) }
        }
    }

    private func normalize(_ scalar: Unicode.Scalar) -> [NormalizedScalar] {
        if options.cleanText {
            if Self.isWhitespace(scalar) { return [.space] }
            if Self.isDropped(scalar) { return [] }
        }
        let isIdeograph = options.separateIdeographs && Self.isIdeograph(scalar)
        var scalars = [scalar]
        if options.stripAccents ?? options.lowercase {
            let decomposed = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
            scalars = decomposed.filter { Self.category($0) != .nonspacingMark }
        }
        if options.lowercase { scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } }
        return scalars.map { scalar in
            if isIdeograph || Self.isPunctuation(scalar) { return .alone(scalar) }
            return scalar.properties.isWhitespace ? .space : .letter(scalar)
        }
    }

    /// The category that the reference implementation sees: its tables are those of Unicode 8, and a scalar added later has none.
    private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        guard let age = scalar.properties.age, age.major <= 8 else { return .unassigned }
        return scalar.properties.generalCategory
    }

    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 9, 10, 13: true
        case ..<0x20, 0x7F...0x9F: false
        default: scalar.properties.isWhitespace
        }
    }

    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch category(scalar) {
        case .control, .format, .privateUse: true
        default: scalar.value == 0xFFFD
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        case ..<128: return false
        default: break
        }
        return switch category(scalar) {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation:
            true
        default: false
        }
    }

    /// The blocks that BERT takes for Chinese; the reference implementation starts extension E at U+2B920.
    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
            0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
