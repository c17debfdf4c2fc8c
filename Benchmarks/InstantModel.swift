import Foundation
import Hummingbird
import NIOCore

/// A language model that answers at once, by the OpenAI protocol: what is left of an answer's time is the product's own.
enum InstantModel {
    static func serve() async throws {
        let chunks = [
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"It is known [1]."}}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#, "[DONE]",
        ]
        let answer = ByteBuffer(string: chunks.map { "data: \($0)\n\n" }.joined())
        let router = Router()
        router.get("/v1/models") { _, _ in #"{"object":"list","data":[{"id":"instant","object":"model"}]}"# }
        router.post("/v1/chat/completions") { request, _ in
            _ = try await request.body.collect(upTo: 1 << 20)
            return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: .init(byteBuffer: answer))
        }
        try await serveOnFreePort(router)
    }
}
