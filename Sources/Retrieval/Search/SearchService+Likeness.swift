import ParleyInference

extension SearchService {
    /// How alike in meaning each of these texts is to a question, as the cosine; nil when the embedding model does not work.
    /// Somebody waits for it, so that the texts go with questions and not with ingestion.
    /// - Throws: `CancellationError`.
    public func likeness(of texts: [String], to question: String) async throws -> [Double]? {
        do {
            let vectors = try await model.embed([question] + texts, priority: .question)
            guard let asked = vectors.first else { return nil }
            return vectors.dropFirst().map { zip(asked, $0).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }
}
