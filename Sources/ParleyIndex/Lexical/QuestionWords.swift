/// Words that carry a question's grammar and not its subject. They are indexed (phrases need them) but not looked for,
/// unless the question has no others. Negations are not among them: they carry meaning.
enum QuestionWords {
    static let all: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does", "for", "from", "had",
        "has", "have", "he", "how", "i", "if", "in", "into", "is", "it", "its", "may", "might", "of", "on", "or", "she", "should", "such",
        "than", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "we", "were", "what", "when", "where",
        "which", "who", "whom", "why", "will", "with", "would", "you",
    ]
}
