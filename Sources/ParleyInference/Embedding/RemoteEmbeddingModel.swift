public import Foundation
public import ParleyCore
public import ParleyRemote
internal import Synchronization

/// Embeddings from any service that speaks OpenAI's `POST /v1/embeddings`. Retries, deadlines and limits are the client's.
public final class RemoteEmbeddingModel: EmbeddingModel {
    /// Texts of one call.
    static let batch = 64

    private let model: String
    private let endpoint: String
    private let apiKey: Secret?
    private let maxTokens: Int
    private let client: RemoteClient
    private let counter = ApproximateTokenCounter()
    private let dimensions = Mutex<Int?>(nil)

    /// - Parameters:
    ///   - url: the service's address, with or without `/v1` (setting `embedding.url`).
    ///   - model: the name that the service knows it by (setting `embedding.model`).
    ///   - maxTokens: what the model sees of one text (setting `embedding.max_tokens`).
    public init(url: URL, model: String, apiKey: Secret?, maxTokens: Int, client: RemoteClient) {
        (self.model, self.apiKey, self.maxTokens, self.client) = (model, apiKey, max(16, maxTokens), client)
        endpoint = Self.endpoint(url)
    }

    public var identity: EmbeddingIdentity {
        get async throws {
            let known = dimensions.withLock { $0 }
            let found = if let known { known } else { try await embed(["dimensions"], priority: .question)[0].count }
            return EmbeddingIdentity(
                model: model, content: "remote", runtime: "remote", pooling: "remote", maxTokens: maxTokens, dimensions: found)
        }
    }

    public var contentTokenLimit: Int { maxTokens - WordPieceTokenizer.marks }

    public func tokenCount(_ text: String) -> Int { counter.tokenCount(text) }

    public func tokenRanges(_ text: String) -> [Range<Int>] { counter.tokenRanges(text) }

    public func embed(_ texts: [String], priority: InferencePriority) async throws -> [[Float]] {
        var vectors: [[Float]] = []
        for start in stride(from: 0, to: texts.count, by: Self.batch) {
            vectors += try await call(Array(texts[start..<min(start + Self.batch, texts.count)]))
        }
        return vectors
    }

    private func call(_ texts: [String]) async throws -> [[Float]] {
        // Services refuse an empty text.
        let input = texts.map { $0.isEmpty ? " " : $0 }
        var request = try RemoteRequest.json("embedding", url: endpoint, body: EmbeddingCall(model: model, input: input))
        request.bearer = apiKey
        request.idempotent = true
        let vectors = try EmbeddingAnswer(try await client.json(request)).vectors(count: texts.count)
        try check(vectors)
        return vectors.map(normalized)
    }

    /// Every vector must have as many dimensions as the first one ever had.
    private func check(_ vectors: [[Float]]) throws(ParleyError) {
        guard let found = vectors.first?.count else { return }
        let expected = dimensions.withLock { known in
            if known == nil { known = found }
            return known ?? found
        }
        if let other = vectors.first(where: { $0.count != expected }) {
            throw ParleyError(
                .embeddingFailed,
                "The embedding service answered \(other.count) dimensions instead of \(expected); check which model it serves as \(model).")
        }
    }

    /// `…/v1/embeddings`, whether or not the address ends in a version.
    static func endpoint(_ url: URL) -> String {
        var base = url.absoluteString
        while base.hasSuffix("/") { base.removeLast() }
        let hasPath = !url.path.isEmpty && url.path != "/"
        return base + (hasPath ? "/embeddings" : "/v1/embeddings")
    }
}

/// The body of a call.
private struct EmbeddingCall: Encodable {
    let model: String
    let input: [String]
}

/// The parts of the answer that matter.
struct EmbeddingAnswer {
    struct Item {
        let index: Int
        let embedding: [Float]

        init?(_ json: JSONValue) {
            guard let index = json["index"]?.int.flatMap({ Int(exactly: $0) }), let figures = json["embedding"]?.array else { return nil }
            self.index = index
            embedding = figures.compactMap { $0.double.map { Float($0) } }
            guard embedding.count == figures.count else { return nil }
        }
    }
    let data: [Item]

    init(_ json: JSONValue) { data = (json["data"]?.array ?? []).compactMap(Item.init) }

    /// The vectors in the order of the texts.
    /// - Throws: `embedding.failed` when not each text has one.
    func vectors(count: Int) throws(ParleyError) -> [[Float]] {
        var vectors = [[Float]](repeating: [], count: count)
        for item in data where vectors.indices.contains(item.index) { vectors[item.index] = item.embedding }
        guard data.count == count, !vectors.contains([]) else {
            throw ParleyError(.embeddingFailed, "The embedding service did not answer one vector for each of \(count) texts.")
        }
        return vectors
    }
}
