import ArgumentParser
import ParleyClient
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
                let project = try await client.project(name, make: false)
                for try await event in try await client.ask(question, in: project, thread: thread) {
                    if options.json {
                        let data = try JSONValue(parsing: event.event.data.utf8)
                        Terminal.print(JSONValue.object(["event": .string(event.event.kind), "data": data]).text)
                    } else {
                        Self.show(event.content)
                    }
                    if case .failed(_, let message) = event.content { throw ParleyError(.unavailable, message) }
                }
            }
        }
    }

    private static func show(_ content: ParleyAPI.AnswerEvent.Content) {
        switch content {
        case .text(let text): Terminal.write(text)
        case .citation(let citation): Terminal.write("[\(citation.number)]")
        case .sentence("not_found"): Terminal.write("[not found in the documents]")
        case .sentence("partly"): Terminal.write("[only partly in the documents]")
        case .done(let answer): close(answer)
        default: break
        }
    }

    /// The sources under the answer, and what was not working.
    private static func close(_ answer: ParleyAPI.Answer) {
        Terminal.print("\n")
        var shown: Set<Int> = []
        for citation in answer.citations where shown.insert(citation.number).inserted {
            let page = citation.page.map { ", page \($0)" } ?? ""
            Terminal.print("[\(citation.number)] \(citation.documentName)\(page): “\(citation.quote)”")
        }
        for notice in answer.degraded { Terminal.tell("note: " + notice.message) }
    }
}
