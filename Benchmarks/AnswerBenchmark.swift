import Foundation
import ParleyCore
import ParleyInference

extension Suite {
    /// From asking to the first word of the answer, with a language model that takes no time: what remains above the embedding of
    /// the question is searching, packing the prompt, and two requests.
    mutating func measureAnswer(
        _ server: ParleyServer, _ project: String, _ model: OpenVINOEmbeddingModel, _ report: inout Report
    ) async throws {
        let session = try server.signIn()
        let root = "/v1/projects/\(project)/threads"
        var (answers, embeddings): ([Double], [Double]) = ([], [])
        for question in texts.questions(110) {
            let thread = try session.call("POST", root, [:])["id"]?.string ?? ""
            let listener = try Session(port: server.port, token: "")
            answers.append(
                try seconds {
                    let exchange = try session.call("POST", "\(root)/\(thread)/messages", ["content": .string(question)])
                    let answer = exchange["answer"]?["id"]?.string ?? ""
                    try listener.connection.lines(
                        "GET", "\(root)/\(thread)/messages/\(answer)/events", headers: session.headers
                    ) { line in
                        if line.hasPrefix("event: error") || line.hasPrefix("event: done") { throw Failure("An answer had no text.") }
                        return line.hasPrefix("event: text")
                    }
                })
            embeddings.append(try await secondsAwaiting { _ = try await model.embed([question], priority: .question) })
        }
        let (first, embedding) = (Array(answers.suffix(100)).median * 1000, Array(embeddings.suffix(100)).median * 1000)
        report.add(
            Line(
                "first token above the query embedding", first - embedding, "ms", .atMost(10),
                "p50 \(figure(first)) ms, p99 \(figure(Array(answers.suffix(100)).quantile(0.99) * 1000)) ms, embedding p50 \(figure(embedding)) ms"
            ))
    }
}
