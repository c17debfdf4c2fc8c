import Foundation
import Hummingbird
import Logging
import NIOCore
import ParleyCore
import Synchronization

/// Language model services that answer by a script over HTTP: Anthropic's Messages at `/anthropic`, Ollama's chat at `/ollama`, and one
/// at `/broken` that always fails. They keep what they were asked.
final class ScriptedServices: Sendable {
    let base: String
    private let task: Task<Void, Never>
    private let kept: Kept

    final class Kept: Sendable {
        struct Call: Sendable {
            let path: String
            let headers: HTTPFields
            let body: JSONValue

            func header(_ name: String) -> String? { headers.first { $0.name.canonicalName == name }?.value }
        }
        private let calls = Mutex<[Call]>([])
        var last: Call? { calls.withLock { $0.last } }
        func keep(_ call: Call) { calls.withLock { $0.append(call) } }
    }

    static let answer = "The office is open from nine to five on weekdays."

    init() async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let kept = Kept()
        self.kept = kept
        let router = Router()
        router.get("/anthropic/v1/models") { _, _ in Self.reply("{}", "application/json") }
        router.get("/ollama/api/tags") { _, _ in Self.reply("{}", "application/json") }
        for path in ["/anthropic/v1/messages", "/ollama/api/chat", "/broken/v1/messages"] {
            router.post(RouterPath(path)) { request, _ in
                let buffer = try await request.body.collect(upTo: 1 << 22)
                let body = try JSONValue(parsing: Array(buffer: buffer))
                kept.keep(Kept.Call(path: path, headers: request.headers, body: body))
                switch path {
                case "/anthropic/v1/messages": return Self.messages(body)
                case "/ollama/api/chat": return Self.chat(body)
                default:
                    return Self.reply(
                        #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "application/json",
                        .init(code: 529))
                }
            }
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            },
            logger: Logger(label: "scripted services") { _ in SwiftLogNoOpLogHandler() })
        task = Task { try? await application.run() }
        var iterator = ports.makeAsyncIterator()
        base = "http://127.0.0.1:\(await iterator.next() ?? 0)"
    }

    var last: Kept.Call? { kept.last }

    func stop() async {
        task.cancel()
        await task.value
    }

    private static func messages(_ body: JSONValue) -> Response {
        let prompt = body["messages"]?.array?.last?["content"]?.string ?? ""
        var events: [(String, String)] = [
            (
                "message_start",
                #"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":20,"cache_read_input_tokens":5,"output_tokens":1}}}"#
            ),
            ("content_block_start", #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#),
            ("ping", #"{"type":"ping"}"#),
            ("content_block_delta", #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#),
        ]
        for word in answer.split(separator: " ") {
            let delta: JSONValue = ["type": "text_delta", "text": .string(word + " ")]
            events.append(("content_block_delta", JSONValue.object(["type": "content_block_delta", "index": 0, "delta": delta]).text))
        }
        if prompt.hasSuffix("[fault]") {
            events.append(("error", #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#))
        } else if !prompt.hasSuffix("[cut]") {
            events.append(("message_delta", #"{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":12}}"#))
            events.append(("message_stop", #"{"type":"message_stop"}"#))
        }
        return reply(events.map { "event: \($0.0)\ndata: \($0.1)\n\n" }.joined(), "text/event-stream")
    }

    private static func chat(_ body: JSONValue) -> Response {
        let prompt = body["messages"]?.array?.last?["content"]?.string ?? ""
        if prompt.hasSuffix("[fault]") { return reply("{\"error\":\"model runner has crashed\"}\n", "application/x-ndjson") }
        var lines = answer.split(separator: " ").map { word -> String in
            let message: JSONValue = ["role": "assistant", "content": .string(word + " ")]
            return JSONValue.object(["model": "llama", "message": message, "done": false]).text
        }
        if !prompt.hasSuffix("[cut]") {
            lines.append(
                #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":30,"eval_count":9}"#)
        }
        return reply(lines.joined(separator: "\n") + "\n", "application/x-ndjson")
    }

    private static func reply(_ text: String, _ type: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
