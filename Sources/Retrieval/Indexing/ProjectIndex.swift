import ParleyCore
public import ParleyIndex

/// The two shadows of a project's rows that searches run on.
struct ProjectIndex: Sendable {
    let lexical: any LexicalIndex
    /// Nil when no embedding model is there.
    let vectors: (any VectorStore)?
    /// The space of the vectors.
    let space: SpaceID?
}

/// Makes the engines that indexes live in.
public struct IndexEngines: Sendable {
    let lexical: @Sendable () -> any LexicalIndex
    let vectors: @Sendable (_ dimensions: Int) -> any VectorStore

    public init(lexical: @escaping @Sendable () -> any LexicalIndex, vectors: @escaping @Sendable (_ dimensions: Int) -> any VectorStore) {
        (self.lexical, self.vectors) = (lexical, vectors)
    }
}
