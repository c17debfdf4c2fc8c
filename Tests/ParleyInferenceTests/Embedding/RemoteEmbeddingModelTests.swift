internal import Foundation
internal import ParleyCore
internal import Testing

@testable internal import ParleyInference

@Suite("Remote embedding")
struct RemoteEmbeddingModelTests {
    @Test(
        "The service's address may end in a version or not",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/v1/embeddings"),
            ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/v1/embeddings"),
            ("https://api.example.com/v1", "https://api.example.com/v1/embeddings"),
            ("https://example.com/openai/v2/", "https://example.com/openai/v2/embeddings"),
        ])
    func endpoint(url: String, endpoint: String) throws {
        #expect(RemoteEmbeddingModel.endpoint(try #require(URL(string: url))) == endpoint)
    }

    private func answer(_ json: String) throws -> EmbeddingAnswer { EmbeddingAnswer(try JSONValue(parsing: json.utf8)) }

    @Test("Vectors are put in the order of the texts")
    func order() throws {
        let answer = try answer(#"{"object": "list", "data": [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [1, 0.5]}]}"#)
        #expect(try answer.vectors(count: 2) == [[1, 0.5], [0, 2]])
    }

    @Test(
        "An answer without one vector for each text is refused",
        arguments: [
            #"{"data": []}"#,
            #"{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}"#,
            #"{"data": [{"index": 0, "embedding": [1]}, {"index": 7, "embedding": [1]}]}"#,
            #"{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": []}]}"#,
        ])
    func incomplete(json: String) throws {
        let error = #expect(throws: ParleyError.self) { try answer(json).vectors(count: 2) }
        #expect(error?.code == .embeddingFailed)
    }
}
