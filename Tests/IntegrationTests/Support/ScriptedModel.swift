import Foundation
import Hummingbird
import Logging
import NIOCore
import ParleyCore

/// A language model behind the OpenAI protocol that answers at once, by a script. What stands in the question picks the script:
/// `[slowly]`, `[in a second]`, `[break]`, `[refuse]`, `[echo]` (the prompt's messages), `[invent]`, `[nothing]`, `[unsure]`; nothing gives
/// `answer`.
struct ScriptedModel: Sendable {
    static let answer = "The office is open from nine to five on weekdays. Nobody has ever seen a purple giraffe."

    /// What it says first when it takes its time: nothing is shown before a sentence of the documents' is there.
    static let opening = "The office is open from nine to five on weekdays. "

    /// For the setting `model.url`.
    let url: String
    private let task: Task<Void, Never>

    /// - Parameter port: 0 takes a free one.
    init(port wanted: Int = 0) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.get("/v1/models") { _, _ in Self.json(["object": "list", "data": []]) }
        router.post("/v1/chat/completions") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 22)
            return Self.reply(to: try JSONValue(parsing: Array(buffer: body)))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: wanted)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            },
            logger: Logger(label: "scripted model") { _ in SwiftLogNoOpLogHandler() })
        task = Task {
            try? await application.run()
            port.finish()
        }
        var iterator = ports.makeAsyncIterator()
        url = "http://127.0.0.1:\(await iterator.next() ?? 0)/v1"
    }

    func stop() async {
        task.cancel()
        await task.value
    }

    private static func reply(to body: JSONValue) -> Response {
        let messages = body["messages"]?.array ?? []
        let prompt = messages.last?["content"]?.string ?? ""
        if prompt.hasSuffix("[refuse]") { return json(["error": ["message": "overloaded"]], .serviceUnavailable) }
        if prompt.hasSuffix("[slowly]") { return stream([opening] + (1...400).map { "word\($0) " }, pause: .milliseconds(25)) }
        if prompt.hasSuffix("[in a second]") { return stream([opening] + (1...40).map { "word\($0) " }, pause: .milliseconds(10)) }
        if prompt.hasSuffix("[break]") { return stream(["The office ", "is open "], pause: .milliseconds(100), breaksOff: true) }
        if prompt.hasSuffix("[invent]") { return stream(["Nobody has ever ", "seen a purple giraffe. "]) }
        if prompt.hasSuffix("[nothing]") { return stream(["", " "]) }
        if prompt.hasSuffix("[unsure]") { return stream(["The documents do ", "not say that. "]) }
        if prompt.hasSuffix("[echo]") { return stream([JSONValue.array(messages).text]) }
        return stream(answer.split(separator: " ").map { $0 + " " })
    }

    private static func stream(_ pieces: [String], pause: Duration = .zero, breaksOff: Bool = false) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                for piece in pieces {
                    try await writer.write(event(["choices": [["index": 0, "delta": ["content": .string(piece)], "finish_reason": nil]]]))
                    if pause > .zero { try await Task.sleep(for: pause) }
                }
                if breaksOff { throw BrokenOff() }
                try await writer.write(event(["choices": [["index": 0, "delta": [:], "finish_reason": "stop"]]]))
                let usage: JSONValue = ["prompt_tokens": 100, "completion_tokens": .int(Int64(pieces.count))]
                try await writer.write(event(["choices": [], "usage": usage]))
                try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
                try await writer.finish(nil)
            })
    }

    private static func event(_ value: JSONValue) -> ByteBuffer { ByteBuffer(string: "data: \(value.text)\n\n") }

    private static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: value.text)))
    }

    private struct BrokenOff: Error {}
}
