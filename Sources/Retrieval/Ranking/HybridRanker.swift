import ParleyCore
public import ParleyIndex

/// Ranks the chunks of one project for a question: both sides' lists, each side's scores for what only the other found,
/// and their fusion. `docs/search.md` tells how the settings were found.
public struct HybridRanker: Sendable {
    /// One setting for all collections.
    public struct Configuration: Hashable, Sendable {
        /// How many chunks each side brings, at least.
        public var depth = 100
        /// What the cosine counts against BM25.
        public var vectorWeight = 2.0

        public init() {}

        public static let standard = Configuration()
    }

    private let configuration: Configuration

    public init(_ configuration: Configuration = .standard) { self.configuration = configuration }

    /// The chunks that hold the question's words: what `rank` needs of the lexical side, and can be had before the vector is there.
    public struct WordMatches: Sendable {
        let question: String
        let candidates: [Candidate]
        let answers: any LexicalAnswers
    }

    /// The best chunks by words.
    /// - Parameter limit: of the ranking to be made of them.
    public func words(_ question: String, in index: any LexicalIndex, filter: SearchFilter = .none, limit: Int) async throws -> WordMatches
    {
        let answers = try await index.ask(question)
        let candidates = try await answers.best(filter: filter, limit: depth(limit))
        return WordMatches(question: question, candidates: candidates, answers: answers)
    }

    private func depth(_ limit: Int) -> Int { max(configuration.depth, limit) }

    /// The best chunks, best first.
    /// - Parameters:
    ///   - words: nil for a search by vectors alone; the question's conditions (phrase, `+`, `-`) hold wherever they are there.
    ///   - vector: the question's embedding; nil when there is none, then words alone rank.
    ///   - weight: what the cosine counts against BM25; the configuration's when nil.
    public func rank(
        words: WordMatches?, vector: [Float]?, vectors: (any VectorStore)?, weight: Double? = nil, filter: SearchFilter = .none,
        limit: Int
    ) async throws -> [RankedChunk] {
        guard let vector, let vectors else {
            return Self.alone(words?.candidates ?? [], limit) { (ScorePart(score: $0.score, rank: $0.rank), nil) }
        }
        let near = try await vectors.search(vector, filter: filter, limit: depth(limit))
        guard let words else { return Self.alone(near, limit) { (nil, ScorePart(score: $0.score, rank: $0.rank)) } }
        let candidates = try await union(words, vector, near, vectors)
        let center = try await vectors.center()
        let fusion = Fusion(vectorWeight: weight ?? configuration.vectorWeight)
        let scores = fusion.scores(candidates, meanCosine: Self.cosine(center, vector))
        let lists = (lexical: ranks(words.candidates), vector: ranks(near))
        return Self.ordered(candidates, scores).prefix(max(0, limit)).enumerated().map { place, index in
            let candidate = candidates[index]
            return RankedChunk(
                chunk: candidate.chunk, rank: place + 1, score: scores[index],
                lexical: candidate.lexical.map { ScorePart(score: $0, rank: lists.lexical[candidate.chunk]) },
                vector: candidate.vector.map { ScorePart(score: $0, rank: lists.vector[candidate.chunk]) })
        }
    }

    private static func alone(
        _ list: [Candidate], _ limit: Int, _ parts: (Candidate) -> (lexical: ScorePart?, vector: ScorePart?)
    ) -> [RankedChunk] {
        list.prefix(max(0, limit)).map { candidate in
            let parts = parts(candidate)
            return RankedChunk(
                chunk: candidate.chunk, rank: candidate.rank, score: candidate.score, lexical: parts.lexical, vector: parts.vector)
        }
    }

    private func ranks(_ list: [Candidate]) -> [ChunkID: Int] {
        Dictionary(list.map { ($0.chunk, $0.rank) }) { first, _ in first }
    }

    /// What either side found, with both sides' scores: a chunk outside a list is scored there all the same.
    private func union(
        _ matches: WordMatches, _ vector: [Float], _ near: [Candidate], _ vectors: any VectorStore
    ) async throws -> [FusionCandidate] {
        let (question, words) = (matches.question, matches.candidates)
        var bm25 = Dictionary(words.map { ($0.chunk, $0.score) }) { first, _ in first }
        var cosines = Dictionary(near.map { ($0.chunk, $0.score) }) { first, _ in first }
        let unread = near.map(\.chunk).filter { bm25[$0] == nil }
        bm25.merge(try await matches.answers.scores(unread)) { first, _ in first }
        cosines.merge(try await vectors.scores(vector, chunks: words.map(\.chunk).filter { cosines[$0] == nil })) { first, _ in first }
        let barred = QuestionLanguage.hasConditions(question) ? Set(unread.filter { bm25[$0] == nil }) : []
        return (words.map(\.chunk) + unread).filter { !barred.contains($0) }.map {
            FusionCandidate(chunk: $0, lexical: bm25[$0], vector: cosines[$0])
        }
    }

    /// Places of the candidates, best first; ties by cosine, which tells them apart where it counts nothing, then by identifier.
    private static func ordered(_ candidates: [FusionCandidate], _ scores: [Double]) -> [Int] {
        candidates.indices.sorted { a, b in
            if scores[a] != scores[b] { return scores[a] > scores[b] }
            let (first, second) = (candidates[a], candidates[b])
            let (near, far) = (first.vector ?? -1, second.vector ?? -1)
            if near != far { return near > far }
            return first.chunk < second.chunk
        }
    }

    /// The product of the collection's center with the question brought to length 1: the mean of all cosines.
    private static func cosine(_ center: [Float], _ question: [Float]) -> Double {
        var (product, square) = (0.0, 0.0)
        for (a, b) in zip(center, question) {
            product += Double(a) * Double(b)
            square += Double(b) * Double(b)
        }
        return square > 0 ? product / square.squareRoot() : 0
    }
}
