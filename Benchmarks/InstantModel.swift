import Foundation
import Hummingbird
import NIOCore

/// A language model that answers at once, by the OpenAI protocol: what is left of an answer's time is the product's own.
enum InstantModel {
    /// The words of an answer that goes on for ten seconds, after beginning at once.
    static let dripping = ["It is known [1]. "] + (1...40).map { "word\($0) " }

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
        router.get("/drip/v1/models") { _, _ in #"{"object":"list","data":[{"id":"instant","object":"model"}]}"# }
        router.post("/drip/v1/chat/completions") { request, _ in
            _ = try await request.body.collect(upTo: 1 << 20)
            return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: drip())
        }
        try await serveOnFreePort(router)
    }

    private static func drip() -> ResponseBody {
        ResponseBody { writer in
            for word in dripping {
                try await writer.write(event(#"{"choices":[{"index":0,"delta":{"content":"\#(word)"}}]}"#))
                try await Task.sleep(for: .milliseconds(250))
            }
            try await writer.write(event(#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#))
            try await writer.write(event("[DONE]"))
            try await writer.finish(nil)
        }
    }

    private static func event(_ data: String) -> ByteBuffer { ByteBuffer(string: "data: \(data)\n\n") }
}
