import ParleyCore
public import ParleyIndex

/// The two shadows of a project's rows that searches run on.
struct ProjectIndex: Sendable {
    let lexical: any LexicalIndex
    /// Nil when no embedding model is there.
    let vectors: (any VectorStore)?
    /// The space of the vectors.
    let space: SpaceID?
    /// What meaning counts in each language, in this space.
    let weights: MeaningWeights
    /// The language of the project's texts.
    let languages: LanguageTally
    /// The language whose endings `lexical` takes off.
    let stemming: TextLanguage

    /// What meaning counts for a question, by its language and the project's.
    func weight(for question: String) -> Double {
        let collection = languages.only
        return weights.weight(question: TextLanguage(of: question, likely: collection), collection: collection)
    }
}

/// Makes the engines that indexes live in.
public struct IndexEngines: Sendable {
    let lexical: @Sendable (_ language: TextLanguage) -> any LexicalIndex
    let vectors: @Sendable (_ dimensions: Int) -> any VectorStore

    public init(
        lexical: @escaping @Sendable (_ language: TextLanguage) -> any LexicalIndex,
        vectors: @escaping @Sendable (_ dimensions: Int) -> any VectorStore
    ) {
        (self.lexical, self.vectors) = (lexical, vectors)
    }
}
