import Accounts
import ArgumentParser
import Foundation
import ParleyClient
import ParleyCore

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure search on a judged collection (BEIR layout), or answers on questions with known answers.",
        discussion: """
            A folder: puts corpus.jsonl through the real ingestion and queries.jsonl through the real search, by words, by meaning and both, \
            and scores the rankings against qrels.tsv as trec_eval does. A data folder that is given is kept, so that a second run only searches.

            A file of questions (a JSON object a line): measures whether the passages hold the known answers, and how well the checks of citations \
            tell true statements from false ones. With --ask each question is answered, by the language model of the settings or by quoting, and its citations and refusals are measured.

            --set: runs a question set of a project, on a server (--server, --token) or a data folder; a file that is named as well is added to \
            the set first, which is made when there is none of this name. --baseline compares with another run, and --gate ends with exit code \
            1 when the run does not pass the gate of the project's settings.
            """)

    @OptionGroup var server: ServerOptions
    @Argument(help: "Folder with corpus.jsonl, queries.jsonl and qrels.tsv, or a file of questions.") var collection: String?
    @Option(help: "Questions' file.") var queries = "queries.jsonl"
    @Option(help: "Judgements' file.") var qrels = "qrels.tsv"
    @Option(help: "Folder to write TREC run files into.") var runs: String?
    @Option(help: "Folder of documents that a file of questions is about; not needed when the project holds them.") var documents: String?
    @Option(help: "Project that holds the documents of a file of questions, or the set.") var project = "questions"
    @Option(help: "Name or id of a question set of the project.") var set: String?
    @Option(help: "With --set: what the run is called.") var name = ""
    @Option(help: "With --set: documents that each search is to find, 10 to 100.") var depth = 10
    @Option(help: "With --set: a setting of the project that is other in this run, such as passages=3; may be given again.")
    var setting: [String] = []
    @Option(help: "With --set: a run to compare with.") var baseline: String?
    @Flag(help: "With --set: hold the run against the gate of the project's settings.") var gate = false
    @Flag(help: "Have each question of a file answered.") var ask = false
    @Flag(help: "Print what was answered as a Markdown table.") var markdown = false
    @Flag(help: "Print the statements that were judged wrongly.") var misjudged = false

    private var dataPath: String? { server.dataPath }
    private var json: Bool { server.json }

    func run() async throws {
        try await reporting {
            if let set { return try await run(over: set) }
            guard let collection else { throw ValidationError("Name a folder, a file of questions, or --set.") }
            let folder = dataPath ?? FileManager.default.temporaryDirectory.appending(path: "parley-evaluate-\(UUID().uuidString)").path
            defer { if dataPath == nil { try? FileManager.default.removeItem(atPath: folder) } }
            if collection.hasSuffix(".jsonl") { return try await answers(collection, folder) }
            let judged = try JudgedCollection(folder: URL(filePath: collection), queries: queries, qrels: qrels)
            let evaluation = try await LocalServer.run(try reader(folder)) { parley, _ in
                try await CollectionEvaluation(parley: parley, collection: judged).run()
            }
            if let runs { try evaluation.write(to: URL(filePath: runs, directoryHint: .isDirectory)) }
            Terminal.print(json ? evaluation.json.text : evaluation.table)
        }
    }

    /// A run over a set of a project, through the API.
    private func run(over set: String) async throws {
        let evaluation = SetEvaluation(
            project: project, set: set, file: collection, name: name, answers: ask, depth: depth,
            settings: try setting.map(SetEvaluation.Setting.init),
            baseline: baseline, isGated: gate)
        let outcome = try await server.withClient { try await evaluation.run($0) }
        Terminal.print(json ? outcome.json.text : outcome.table)
        if outcome.isStopped { throw ExitStatus.failure }
    }

    private func answers(_ collection: String, _ folder: String) async throws {
        let set = try QuestionFile(file: URL(filePath: collection))
        let (documents, name, asks) = (documents, project, ask)
        let outcomes = try await LocalServer.run(try reader(folder)) { parley, base in
            let project = try await EvaluationProject(parley, named: name)
            if let documents { try await project.add(folder: URL(filePath: documents)) }
            let evaluation = AnswerEvaluation(project: project, set: set)
            guard asks else { return try await evaluation.run(asking: nil) }
            let session = try await parley.signIn.open(project.owner)
            return try await evaluation.run(
                asking: ParleyAPI(server: base, token: session.accessToken, refreshToken: session.refreshToken))
        }
        let report = AnswerEvaluationReport(outcomes: outcomes)
        Terminal.print(json ? report.json.text : report.table)
        if misjudged { Terminal.print(report.misjudged) }
        if markdown { Terminal.print(report.markdown) }
    }

    private func reader(_ folder: String) throws -> SettingsReader {
        try SettingsOptions(words: []).reader(
            adding: ["http-port": "0", "log-level": "error", "data-path": folder, "answer-quotes-only": ask ? "false" : "true"])
    }
}
