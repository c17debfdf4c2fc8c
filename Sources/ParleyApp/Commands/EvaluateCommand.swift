import ArgumentParser
import Foundation
import ParleyCore

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure search on a collection with judged questions (BEIR layout).",
        discussion: """
            Puts corpus.jsonl through the real ingestion and queries.jsonl through the real search, by words, by meaning and both, and \
            scores the rankings against qrels.tsv as trec_eval does. A data folder that is given is kept, so that a second run only searches.
            """)

    @Argument(help: "Folder with corpus.jsonl, queries.jsonl and qrels.tsv.", completion: .directory) var collection: String
    @Option(help: "Data folder to use and keep; a temporary one when left out.") var dataPath: String?
    @Option(help: "Questions' file.") var queries = "queries.jsonl"
    @Option(help: "Judgements' file.") var qrels = "qrels.tsv"
    @Option(help: "Folder to write TREC run files into.") var runs: String?
    @Flag(help: "Print JSON instead of a table.") var json = false

    func run() async throws {
        try await reporting {
            let collection = try JudgedCollection(folder: URL(filePath: self.collection), queries: queries, qrels: qrels)
            let folder = dataPath ?? FileManager.default.temporaryDirectory.appending(path: "parley-evaluate-\(UUID().uuidString)").path
            defer { if dataPath == nil { try? FileManager.default.removeItem(atPath: folder) } }
            let reader = try SettingsOptions(words: []).reader(
                adding: ["http-port": "0", "log-level": "error", "data-path": folder, "answer-quotes-only": "true"])
            let evaluation = try await LocalServer.run(reader) { parley, _ in
                try await CollectionEvaluation(parley: parley, collection: collection).run()
            }
            if let runs { try evaluation.write(to: URL(filePath: runs, directoryHint: .isDirectory)) }
            Terminal.print(json ? evaluation.json.text : evaluation.table)
        }
    }
}
