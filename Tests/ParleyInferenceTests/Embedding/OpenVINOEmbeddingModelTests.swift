internal import ParleyCore
internal import ParleyTesting
internal import Testing

@testable internal import ParleyInference

@Suite("Embedding with OpenVINO")
struct OpenVINOEmbeddingModelTests {
    private func model() throws -> OpenVINOEmbeddingModel { try InstalledFiles.embeddingModel.get() }

    /// A model with a queue of its own.
    private func ownModel(waitingLimit: Int) throws -> OpenVINOEmbeddingModel {
        OpenVINOEmbeddingModel(folder: try InstalledFiles.sentenceModel, runtime: try InstalledFiles.runtime, waitingLimit: waitingLimit)
    }

    @Test("The vectors are those of the reference runtime, whatever they are batched with")
    func parity() async throws {
        let model = try model()
        let others = ["Short.", "Another short one.", "Cells divide and grow while the medium is kept warm for three days in a row."]
        let vectors = try await model.embed(vectorFixture.map(\.text) + others, priority: .ingestion)
        let alone = try await model.embed([vectorFixture[0].text], priority: .question)
        for (vector, fixture) in zip(vectors, vectorFixture) {
            #expect(vector.cosine([Float](fixture: fixture.vector)) > 0.99, "\(fixture.text)")
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
        }
        #expect(vectors.count == vectorFixture.count + 3 && vectors[0].cosine(alone[0]) > 0.999)
        #expect(vectors[0].cosine(vectors[1]) > vectors[0].cosine(vectors[2]) + 0.2)
    }

    @Test("The identity names model, content, runtime, pooling, length and dimensions")
    func identity() async throws {
        let model = try model()
        let identity = try await model.identity
        #expect(identity.model == "all-MiniLM-L6-v2" && identity.maxTokens == 256 && identity.dimensions == 384)
        #expect(identity.runtime.hasPrefix("openvino-20"))
        #expect(identity.description == "all-MiniLM-L6-v2@\(identity.content)/\(identity.runtime)/mean/256/384")
        #expect(model.contentTokenLimit == 254 && model.tokenCount("one two") == 2 && model.tokenRanges("one two") == [0..<3, 4..<7])
    }

    @Test("Texts without words, and none at all, are no error")
    func blank() async throws {
        let model = try model()
        #expect(try await model.embed([], priority: .question).isEmpty)
        let vectors = try await model.embed(["", "  \n"], priority: .ingestion)
        #expect(vectors.count == 2 && vectors[0].count == 384 && vectors[0].allSatisfy(\.isFinite))
    }

    @Test("Many callers at once each get their own vectors")
    func concurrency() async throws {
        let model = try model()
        let texts = ["cell", "refund", "index", "weather", "token", "harbour"]
        let alone = try await model.embed(texts, priority: .ingestion)
        try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
            for index in 0..<24 {
                group.addTask {
                    (index % 6, try await model.embed([texts[index % 6]], priority: index % 2 == 0 ? .question : .ingestion))
                }
            }
            for try await (index, vectors) in group { #expect(vectors.count == 1 && vectors[0].cosine(alone[index]) > 0.999) }
        }
    }

    @Test("A cancelled request leaves the queue; the next one is served")
    func cancellation() async throws {
        let model = try ownModel(waitingLimit: 4096)
        let long = Array(repeating: String(repeating: "cells divide ", count: 120), count: 60)
        let task = Task { try await model.embed(long, priority: .ingestion) }
        while model.waiting == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(model.waiting == 0)
        #expect(try await model.embed(["still here"], priority: .question).count == 1)
    }

    @Test("Past its limit the queue refuses, and says when to come again")
    func busy() async throws {
        let model = try ownModel(waitingLimit: 5)
        let task = Task { try await model.embed(Array(repeating: "a text that waits", count: 1000), priority: .ingestion) }
        while model.waiting == 0 { await Task.yield() }
        let error = await #expect(throws: ParleyError.self) { try await model.embed(["one more"], priority: .ingestion) }
        #expect(error?.code == .embeddingBusy && error?.retryAfter != nil)
        #expect(try await model.embed(["a question"], priority: .question).count == 1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("What is not installed is an ordinary error that says what to do, and texts can still be counted")
    func missing() async throws {
        let noModel = OpenVINOEmbeddingModel(folder: "/nowhere/model", runtime: try InstalledFiles.runtime)
        let first = await #expect(throws: ParleyError.self) { try await noModel.embed(["x"], priority: .question) }
        #expect(first?.code == .embeddingModelMissing && noModel.tokenCount("two words") > 1 && noModel.contentTokenLimit > 0)
        let noRuntime = OpenVINOEmbeddingModel(folder: try InstalledFiles.sentenceModel, runtime: "/nowhere/runtime")
        let second = await #expect(throws: ParleyError.self) { try await noRuntime.identity }
        #expect(second?.code == .embeddingRuntimeMissing && second?.message.contains("inference.runtime") == true)
    }

    @Test("A damaged model is refused with the runtime's own words as the cause")
    func damaged() async throws {
        let folder = try TemporaryFolder(["model.onnx": "not a model", "vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"])
        let model = OpenVINOEmbeddingModel(folder: folder.path, runtime: try InstalledFiles.runtime)
        let error = await #expect(throws: ParleyError.self) { try await model.identity }
        #expect(error?.code == .inferenceModelUnusable && error?.cause is OpenVINOFailure)
    }

    @Test("A file that is no library cannot be loaded as the runtime")
    func notALibrary() throws {
        let folder = try TemporaryFolder(["libopenvino_c.so.1": "not a library"])
        let error = #expect(throws: ParleyError.self) { try OpenVINORuntime.open(directory: folder.path) }
        #expect(error?.code == .inferenceRuntimeMissing && error?.cause is OpenVINOFailure)
    }
}
