import ParleyIndex

/// Makes a question that follows another one stand alone, so that it can be searched for.
enum FollowUp {
    /// Earlier questions that are looked back at.
    private static let reach = 3
    private static let longest = 400

    /// Whether the question leans on what was said before: it begins like a follow-up, points at something unnamed, or has hardly a telling word.
    static func leans(_ question: String) -> Bool {
        let words = question.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }.map(String.init)
        guard let first = words.first else { return false }
        if openings.contains(first) || ["what about", "how about"].contains(words.prefix(2).joined(separator: " ")) { return true }
        if words.count <= 12, words.contains(where: pointers.contains) { return true }
        return TellingWords.of(question).count < 2
    }

    /// The question behind the earlier ones that it leans on; nil when it stands alone already.
    static func standalone(_ question: String, after history: [Message]) -> String? {
        guard leans(question) else { return nil }
        var parts = [question]
        for earlier in history.reversed().filter({ $0.role == .user }).prefix(Self.reach) {
            parts.insert(QuestionLanguage.plain(earlier.content).trimmed(to: longest), at: 0)
            guard leans(earlier.content) else { break }
        }
        return parts.count > 1 ? parts.joined(separator: " ") : nil
    }

    /// What to ask a model for the same.
    static func request(_ question: String, after history: [Message]) -> String {
        let turns = history.suffix(4).map { ($0.role == .user ? "Person: " : "Assistant: ") + $0.content.trimmed(to: longest) }
        return """
            Rewrite the last question so that it can be understood without the conversation. Answer with the rewritten question alone.

            \(turns.joined(separator: "\n"))
            Last question: \(question)
            """
    }

    /// A model's rewriting, if it can be one: a single line of fair length that shares words with what was said and has most of the question's own.
    static func accepted(_ text: String, for question: String, after history: [Message]) -> String? {
        let line = text.trimmed(to: longest + 1)
        guard !line.isEmpty, line.count <= longest, !line.contains("\n"), !line.contains("{") else { return nil }
        let (words, own) = (TellingWords.of(line), TellingWords.of(question))
        let said = history.reduce(into: own) { $0.formUnion(TellingWords.of($1.content)) }
        guard own.intersection(words).count * 2 >= own.count, words.subtracting(said).count * 3 <= words.count else { return nil }
        return line
    }

    private static let openings: Set<String> = ["and", "but", "also", "then", "why", "else", "so"]
    private static let pointers: Set<String> = [
        "it", "its", "it's", "they", "them", "their", "theirs", "he", "him", "his", "she", "her", "hers", "this", "these", "those",
    ]
}

extension String {
    /// Without white space around it, and no longer than this.
    fileprivate func trimmed(to length: Int) -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed().prefix(max(0, length)))
    }
}
