import ParleyIndex

/// What the cosine counts against BM25 in each language: as much as the embedding model tells there, nothing where it tells nothing.
///
/// `docs/search.md` (Languages) holds the figures and how they are measured. A model that was not measured counts the same in all languages.
struct MeaningWeights: Hashable, Sendable {
    /// The weight in a language that the model knows.
    static let full = HybridRanker.Configuration.standard.vectorWeight
    /// Up to this share the cosine costs more than it brings.
    private static let least = 0.5

    /// By language: nDCG@10 of meaning as a share of that of words on the same questions; 1 where nothing is to be taken off.
    private let shares: [String: Double]
    /// In languages that are not listed.
    private let others: Double

    private init(_ shares: [String: Double], others: Double) { (self.shares, self.others) = (shares, others) }

    private static let unmeasured = Self([:], others: 1)

    private static let models: [String: MeaningWeights] = [
        "all-MiniLM-L6-v2": Self(
            [
                "en": 1, "de": 0.75, "es": 0.72, "ro": 0.66, "vi": 0.61, "tr": 0.48, "ru": 0.37, "zh": 0.34, "zh-Hant": 0.34, "el": 0.25,
                "hi": 0.19, "ar": 0.14, "th": 0.14,
                // Not measured; taken for the least of their measured neighbours.
                "nl": 0.66, "da": 0.66, "sv": 0.66, "no": 0.66, "nb": 0.66, "nn": 0.66, "fr": 0.66, "it": 0.66, "pt": 0.66, "ca": 0.66,
                "gl": 0.66, "la": 0.66,
            ], others: 0)
    ]

    /// - Parameter identity: of the embedding space, as text; nil when there is none.
    init(identity: String?) {
        let model = identity.map { String($0.prefix { $0 != "@" }) }
        self = model.flatMap { Self.models[$0] } ?? .unmeasured
    }

    /// The weight for a question to a collection: that of the language in which the model tells less. A language that cannot be told takes no part.
    func weight(question: TextLanguage?, collection: TextLanguage?) -> Double {
        let share = [question, collection].compactMap { $0 }.map { shares[$0.code] ?? others }.min() ?? 1
        return share <= Self.least ? 0 : Self.full * share * share * share
    }
}
