/// The words of a sentence that tell what it is about: letters and digits, case folded, without the commonest English
/// function words; CJK text by pairs of characters.
enum TellingWords {
    static func of(_ text: String) -> Set<String> {
        var words: Set<String> = []
        var word = ""
        var previousIdeograph: Unicode.Scalar?
        for scalar in text.lowercased().unicodeScalars {
            if scalar.properties.isIdeographic || (0x3040...0x30FF).contains(scalar.value) || (0xAC00...0xD7AF).contains(scalar.value) {
                flush(&word, into: &words)
                if let previousIdeograph { words.insert(String(previousIdeograph) + String(scalar)) }
                previousIdeograph = scalar
            } else {
                previousIdeograph = nil
                if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                    word.unicodeScalars.append(scalar)
                } else {
                    flush(&word, into: &words)
                }
            }
        }
        flush(&word, into: &words)
        return words
    }

    private static func flush(_ word: inout String, into words: inout Set<String>) {
        defer { word = "" }
        guard !word.isEmpty, !common.contains(word) else { return }
        words.insert(word.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : word)
    }

    private static let common: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does", "for", "from", "had", "has", "have", "he",
        "her",
        "his", "how", "i", "if", "in", "into", "is", "it", "its", "may", "more", "no", "not", "of", "on", "or", "our", "she", "so", "such",
        "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "was", "we", "were", "what",
        "when",
        "where", "which", "who", "will", "with", "would", "you", "your",
    ]
}
