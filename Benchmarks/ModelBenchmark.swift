import Foundation
import ParleyCore
import ParleyInference

extension Suite {
    /// The first token of a prompt of a thousand tokens by `parley model` against llama.cpp on the same weights, in turns; no
    /// prompt begins like another, so that no cache helps.
    mutating func measureModel(_ report: inout Report) throws {
        let ours = try ChildProcess(
            options.binary, ["model", "--port", "0", "--model", options.languageModel, "--runtime", options.runtime],
            log: folder.appending(path: "model.log"))
        defer { ours.stop() }
        let port = Int(try ours.output(after: "listening on http://127.0.0.1:")) ?? 0
        let loaded = ours.memory
        let theirPort = try freePort()
        let theirs = try ChildProcess(
            options.python, [options.scripts + "/llama.py", options.gguf, "\(theirPort)"], log: folder.appending(path: "llama.log"))
        defer { theirs.stop() }
        _ = try theirs.output(after: "ready")
        var (mine, other): ([Double], [Double]) = ([], [])
        let prompts = thousandTokenPrompts(12)
        for prompt in prompts {
            mine.append(try firstToken(port, prompt))
            other.append(try firstToken(theirPort, prompt))
        }
        let ratios = zip(mine, other).dropFirst(2).map { $0 / $1 }
        report.add(
            Line(
                "first token, 1,000-token prompt : llama.cpp", ratios.median, "", .atMost(0.4),
                "\(figure(mine.dropFirst(2).map { $0 }.median)) s to \(figure(other.dropFirst(2).map { $0 }.median)) s"))
        report.add(Line("language model's memory, loaded", loaded, "MB"))
        report.add(Line("language model's memory, after prompts", ours.memory, "MB", .none, "\(prompts.count) prompts of 1,000 tokens"))
    }

    private mutating func thousandTokenPrompts(_ count: Int) -> [String] {
        let counter = InstalledTokenCounter(folder: options.languageModel)
        return (0..<count).map { _ in
            var text = texts.madeUp(words: 900)
            while counter.tokenCount(of: [ChatMessage(.user, text)]) > 1000 {
                text = text.split(separator: " ").dropLast(3).joined(separator: " ")
            }
            return text
        }
    }

    private func firstToken(_ port: Int, _ prompt: String) throws -> Double {
        let body: JSONValue = [
            "messages": [["role": "user", "content": .string(prompt)]], "stream": true, "max_tokens": 8, "temperature": 0,
            "cache_prompt": false,
        ]
        let connection = try HTTPConnection(port: port)
        return try seconds {
            try connection.lines("POST", "/v1/chat/completions", headers: ["Content-Type: application/json"], body: Array(body.text.utf8)) {
                line in
                if line.contains("\"error\"") || line == "data: [DONE]" { throw Failure("The model gave no text: \(line)") }
                guard line.hasPrefix("data: "), let event = try? JSONValue(parsing: line.dropFirst(6).utf8) else { return false }
                return event["choices"]?.array?.first?["delta"]?["content"]?.string?.isEmpty == false
            }
        }
    }
}
