import CZxcvbn

/// How hard a password is to guess, as zxcvbn estimates it, and what makes it easy.
struct PasswordStrength: Sendable {
    /// From 0, guessed at once, to 4, which takes more than ten thousand million guesses.
    let score: Int
    /// What would help; nil when nothing in particular makes the password easy.
    let advice: String?
    /// Whether the whole password stands in the list of common passwords, names and words.
    let isCommon: Bool

    /// - Parameter words: what others know of the person: their name, their address. Lower case.
    init(of password: String, knowing words: [String]) {
        let (bits, matches) = Self.matches(in: password, knowing: words)
        score = Self.thresholds.count { bits >= $0 }
        isCommon = matches.contains { $0.kind.isWord && !$0.isRepeated && $0.length >= password.utf8.count }
        advice = matches.filter { $0.kind != .guessedCharByChar }.max { $0.length < $1.length }.map(\.advice)
    }

    /// The guesses of scores 1 to 4 (10³, 10⁶, 10⁸, 10¹⁰) in bits.
    private static let thresholds = [9.97, 19.93, 26.58, 33.22]

    private enum Kind: Int {
        case guessedCharByChar = 1
        case word = 2
        case wordInSigns = 3
        case own = 4
        case ownInSigns = 5
        case repeated = 6
        case sequence = 7
        case keys = 8
        case date = 9
        case year = 10

        var isWord: Bool { self == .word || self == .wordInSigns }

        var advice: String {
            switch self {
            case .guessedCharByChar, .word: "Add another word or two; rare ones are better."
            case .wordInSigns: "Signs in place of letters, as in p@ssw0rd, hardly help; add another word or two."
            case .own, .ownInSigns: "Leave out your name and your address."
            case .repeated: "Avoid repeated words and characters."
            case .sequence: "Avoid sequences such as abc or 6543."
            case .keys: "Avoid rows of keys such as qwerty."
            case .date, .year: "Avoid dates and years."
            }
        }
    }

    private struct Match {
        let kind: Kind
        let isRepeated: Bool
        let length: Int

        var advice: String { isRepeated ? Kind.repeated.advice : kind.advice }
    }

    /// zxcvbn takes strings that end with NUL: what stands behind one in the password counts for nothing.
    private static func matches(in password: String, knowing words: [String]) -> (bits: Double, matches: [Match]) {
        var text: [CChar] = []
        var starts: [Int] = []
        for word in words {
            starts.append(text.count)
            text.append(contentsOf: word.utf8CString)
        }
        text.append(0)
        return text.withUnsafeBufferPointer { buffer in
            var known: [UnsafePointer<CChar>?] = starts.map { start in buffer.baseAddress.map { $0 + start } }
            known.append(nil)
            var first: UnsafeMutablePointer<ZxcMatch_t>?
            let bits = ZxcvbnMatch(password, &known, &first)
            defer { ZxcvbnFreeInfo(first) }
            var matches: [Match] = []
            var next = first
            while let match = next {
                let kind = Int(zxcvbn_match_kind(match))
                // 32 marks what is repeated.
                let known = Kind(rawValue: kind & 31) ?? .guessedCharByChar
                matches.append(Match(kind: known, isRepeated: kind & 32 != 0, length: Int(match.pointee.Length)))
                next = match.pointee.Next
            }
            return (bits, matches)
        }
    }
}
