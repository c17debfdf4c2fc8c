import ParleyCore

/// A chunk that either side found, with what both say of it.
struct FusionCandidate: Hashable, Sendable {
    let chunk: ChunkID
    /// BM25.
    var lexical: Double?
    /// Cosine.
    var vector: Double?
}

/// Makes one score of BM25 and cosine, each brought to a scale that means the same in every collection.
///
/// BM25 has no upper bound and is divided by the best score in the list. A cosine is measured from what a passage without relation
/// to the question would have (the question's mean cosine over the collection) towards the highest that there can be, 1; embedding
/// models differ in where that mean lies. A score on one side alone counts as nothing on the other.
/// After Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023.
struct Fusion: Sendable {
    /// What the cosine counts against BM25.
    let vectorWeight: Double

    /// The candidates' scores, in their order.
    /// - Parameter meanCosine: of the question with all passages of the collection.
    func scores(_ candidates: [FusionCandidate], meanCosine: Double) -> [Double] {
        let highest = candidates.reduce(0) { max($0, $1.lexical ?? 0) }
        let span = max(1 - meanCosine, 0.01)
        return candidates.map { candidate in
            let lexical = highest > 0 ? (candidate.lexical ?? 0) / highest : 0
            let vector = candidate.vector.map { ($0 - meanCosine) / span } ?? 0
            return lexical + vectorWeight * vector
        }
    }
}
