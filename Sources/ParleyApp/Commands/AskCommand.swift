import ArgumentParser
import ParleyCore

struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ask", abstract: "Ask a project's documents and watch the answer.")

    @OptionGroup var server: ServerOptions
    @Option(help: "The project's id or name.") var project: String
    @Option(help: "A thread to ask in; a new one is begun when left out.") var thread: String?
    @Argument(help: "The question.") var question: [String]

    func run() async throws {
        try await reporting {
            let (options, name, thread, question) = (server, project, thread, question.joined(separator: " "))
            try await options.withClient { client in
                let root = "/v1/projects/\(try await client.project(name, make: false))/threads"
                var id = thread
                if id == nil { id = try await Self.begin(root, client) }
                let exchange = try await client.post("\(root)/\(id ?? "")/messages", ["content": .string(question)])
                let answer = exchange["answer"]?["id"]?.string ?? ""
                var broken: String?
                try await client.follow("\(root)/\(id ?? "")/messages/\(answer)/events") { kind, data in
                    if options.json { return Terminal.print(JSONValue.object(["event": .string(kind), "data": data]).text) }
                    switch kind {
                    case "text": Terminal.write(data["text"]?.string ?? "")
                    case "citation": Terminal.write("[\(data["number"]?.int ?? 0)]")
                    case "sentence": if data["verdict"]?.string == "not_found" { Terminal.write("[not found in the documents]") }
                    case "done": Self.close(data["message"] ?? .null)
                    case "error": broken = data["message"]?.string
                    default: break
                    }
                }
                if let broken { throw ParleyError(.unavailable, broken) }
            }
        }
    }

    private static func begin(_ root: String, _ client: APIClient) async throws -> String {
        try await client.post(root, .object([:]))["id"]?.string ?? ""
    }

    /// The sources under the answer, and what was not working.
    private static func close(_ message: JSONValue) {
        Terminal.print("\n")
        var shown: Set<Int64> = []
        for citation in message["citations"]?.array ?? [] {
            guard let number = citation["number"]?.int, shown.insert(number).inserted else { continue }
            let page = citation["page"]?.int.map { ", page \($0)" } ?? ""
            Terminal.print("[\(number)] \(citation["document_name"]?.string ?? "")\(page): “\(citation["quote"]?.string ?? "")”")
        }
        for notice in message["degraded"]?.array ?? [] { Terminal.tell("note: " + (notice["message"]?.string ?? "")) }
    }
}
