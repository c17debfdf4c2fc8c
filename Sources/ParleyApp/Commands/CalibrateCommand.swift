import Accounts
import ArgumentParser
import Foundation
import ParleyCore
import Retrieval

struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Learn when to say that the documents do not hold an answer.",
        discussion: """
            Takes a judged collection in the BEIR layout (a folder), or questions whose answers are known (a file with a JSON object a line) with \
            the documents they are about. Learns from half of the questions and prints how often it is wrong on the other half. With --save the \
            calibration holds from then on for the data folder's embedding model.

            --cases writes what the search told of each question into a file; several such files (named *.cases) teach one calibration, each with \
            the same weight.
            """)

    @Argument(help: "Collection's folder, file of questions, or files of cases.") var questions: [String]
    @Option(help: "File to write the cases into.") var cases: String?
    @Option(help: "Folder of documents that the questions are about; not needed when they are in the project already.") var documents:
        String?
    @Option(help: "Data folder to use and keep; a temporary one when left out.") var dataPath: String?
    @Option(help: "Project that holds the documents.") var project = "questions"
    @Option(help: "Files of questions that are meant for other documents.") var foreign: [String] = []
    @Option(help: "Share of answerable questions that may be refused.") var falseRefusals = 0.02
    @Option(help: "Share of answerable questions that may be refused or answered with a warning.") var doubted = 0.3
    @Flag(help: "Keep the calibration in the data folder.") var save = false
    @Flag(help: "Learn nothing: tell how often the calibration in use is wrong on all of the questions.") var judge = false
    @Flag(help: "Print JSON instead of a table.") var json = false

    func run() async throws {
        try await reporting {
            let (collections, known) = questions.allSatisfy { $0.hasSuffix(".cases") } ? (try kept(), nil) : try await searched()
            let report =
                try known.map { CalibrationReport($0, collections.flatMap(\.self)) }
                ?? CalibrationReport(collections, falseRefusals: falseRefusals, doubted: doubted)
            if save { try await keep(report.calibration) }
            if let path = self.cases {
                let lines = collections.joined().map { $0.json.text + "\n" }.joined()
                try lines.write(to: URL(filePath: path), atomically: true, encoding: .utf8)
            }
            Terminal.print(json ? report.json.text : report.table)
        }
    }

    /// The cases of each file.
    private func kept() throws -> [[Calibration.Case]] {
        try questions.map { path in
            try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n").compactMap {
                try Calibration.Case(line: $0)
            }
        }
    }

    /// The cases of questions, with the calibration to judge them by where none is to be learnt.
    private func searched() async throws -> ([[Calibration.Case]], AnswerCalibration?) {
        guard let first = questions.first, questions.count == 1 else { throw ValidationError("Name one folder or one file of questions.") }
        let folder = dataPath ?? FileManager.default.temporaryDirectory.appending(path: "parley-calibrate-\(UUID().uuidString)").path
        defer { if dataPath == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let (source, foreign) = (try source(first), try foreign.flatMap(Self.foreign))
        let (documents, project, judges) = (documents, project, judge)
        return try await LocalServer.run(try reader(folder)) { parley, _ in
            let target = try await source.project(parley, documents: documents, name: project)
            let cases = try await Calibration(parley: parley, scope: target.search, questions: source.questions + foreign).cases()
            guard judges else { return ([cases], nil) }
            guard let calibration = try await parley.search.calibration() else {
                throw ValidationError("The embedding model has no calibration yet.")
            }
            return ([cases.map(\.asTest)], calibration)
        }
    }

    private func keep(_ calibration: AnswerCalibration) async throws {
        guard let dataPath else { throw ValidationError("--save needs --data-path.") }
        try await LocalServer.run(try reader(dataPath)) { parley, _ in
            try await parley.search.calibrate(calibration, at: SystemClock().now(), parley.operators.scope)
        }
    }

    private func reader(_ folder: String) throws -> SettingsReader {
        try SettingsOptions(words: []).reader(
            adding: ["http-port": "0", "log-level": "error", "data-path": folder, "answer-quotes-only": "true"])
    }

    /// Where questions and documents come from.
    private enum Source: Sendable {
        case collection(JudgedCollection)
        case set(QuestionFile)

        var questions: [Calibration.Question] {
            switch self {
            case .collection(let collection):
                collection.questions.map { question in
                    let relevant = (collection.judgements[question.id] ?? [:]).filter { $0.value > 0 }.keys
                    return Calibration.Question(
                        id: question.id, text: question.text, documents: Set(relevant.map(CollectionEvaluation.name)), isForeign: false)
                }
            case .set(let set):
                set.questions.map { Calibration.Question(id: $0.id, text: $0.text, documents: $0.documents, isForeign: false) }
            }
        }

        func project(_ parley: Parley, documents: String?, name: String) async throws -> EvaluationProject {
            switch self {
            case .collection(let collection): return try await CollectionEvaluation(parley: parley, collection: collection).ingest()
            case .set:
                let project = try await EvaluationProject(parley, named: name)
                if let documents { try await project.add(folder: URL(filePath: documents)) }
                return project
            }
        }
    }

    private func source(_ path: String) throws -> Source {
        let url = URL(filePath: path)
        guard url.pathExtension == "jsonl" else {
            return .collection(try JudgedCollection(folder: url, queries: "queries.jsonl", qrels: "qrels.tsv"))
        }
        return .set(try QuestionFile(file: url))
    }

    /// Questions of either layout; what they are about does not matter.
    private static func foreign(_ path: String) throws -> [Calibration.Question] {
        try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n").compactMap { line in
            let value = try JSONValue(parsing: line.utf8)
            guard let text = value["question"]?.string ?? value["text"]?.string else { return nil }
            let id = value["id"]?.string ?? value["_id"]?.string ?? text
            return Calibration.Question(id: "foreign-" + id, text: text, documents: [], isForeign: true)
        }
    }
}
