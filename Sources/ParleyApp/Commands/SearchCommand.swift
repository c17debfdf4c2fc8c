import ArgumentParser
import ParleyClient
import ParleyCore

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "search", abstract: "Find passages in a project.")

    @OptionGroup var server: ServerOptions
    @Option(help: "The project's id or name.") var project: String
    @Option(help: "hybrid, lexical or vector.") var mode = "hybrid"
    @Option(help: "How many passages.") var limit = 5
    @Argument(help: "What to look for.") var query: [String]

    func run() async throws {
        try await reporting {
            let (options, name) = (server, project)
            let body: JSONValue = ["query": .string(query.joined(separator: " ")), "mode": .string(mode), "limit": .int(Int64(limit))]
            let found = try await options.withClient { client in
                try await client.post("/v1/projects/\(try await client.project(name, make: false))/search", body, as: JSONValue.self)
            }
            if options.json { return Terminal.print(found.text) }
            for notice in found["degraded"]?.array ?? [] { Terminal.tell("note: " + (notice["message"]?.string ?? "")) }
            for hit in found["hits"]?.array ?? [] { Self.show(hit) }
        }
    }

    private static func show(_ hit: JSONValue) {
        let page = hit["first_page"]?.int.map { ", page \($0)" } ?? ""
        let path = (hit["heading_path"]?.array ?? []).compactMap(\.string).joined(separator: " › ")
        let score = hit["score"]?.double.map { String(($0 * 1000).rounded() / 1000) } ?? ""
        Terminal.print(
            "\(hit["index"]?.int ?? 0). \(hit["document_name"]?.string ?? "")\(page)  [\(score)]\(path.isEmpty ? "" : "  " + path)")
        Terminal.print("   " + (hit["text"]?.string ?? "").split(separator: "\n").joined(separator: "\n   ") + "\n")
    }
}
