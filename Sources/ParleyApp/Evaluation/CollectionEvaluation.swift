import NIOCore
import ParleyAuthority
import ParleyCore
import Retrieval

/// Runs a judged collection through the product's own ingestion and search.
struct CollectionEvaluation: Sendable {
    /// Documents ranked for a question.
    private static let depth = 100
    private static let project = "evaluation"

    let parley: Parley
    let collection: JudgedCollection

    func run() async throws -> EvaluationReport {
        let scope = try await ingest().search
        var rankings: [SearchMode: [String: [String]]] = [:]
        for mode in [SearchMode.lexical, .vector, .hybrid] { rankings[mode] = try await rank(mode, scope) }
        return EvaluationReport(collection: collection, rankings: rankings)
    }

    /// The project with the collection's documents in it, read.
    func ingest() async throws -> EvaluationProject {
        let project = try await EvaluationProject(parley, named: Self.project)
        if try await project.isEmpty {
            var progress = Terminal.Progress("uploading")
            for (number, document) in collection.documents.enumerated() {
                let text = document.title.isEmpty ? document.text : "# \(document.title)\n\n\(document.text)"
                try await project.add(ByteBuffer(string: text), name: Self.name(of: document.id))
                progress.show(number + 1, of: collection.documents.count)
            }
        }
        try await project.waitUntilRead()
        return project
    }

    /// What a document of the collection is called in the project.
    static func name(of id: String) -> String { id + ".md" }

    /// A document takes the place of its best chunk.
    private func rank(_ mode: SearchMode, _ scope: ProjectScope<Search>) async throws -> [String: [String]] {
        var rankings: [String: [String]] = [:]
        var progress = Terminal.Progress("searching, \(mode.rawValue)")
        for (number, question) in collection.questions.enumerated() {
            let hits = try await parley.search.measured(question.text, limit: Self.depth * 2, mode: mode, scope)
            var seen: Set<String> = []
            let names = hits.map { String($0.documentName.dropLast(3)) }.filter { seen.insert($0).inserted }
            rankings[question.id] = Array(names.prefix(Self.depth))
            progress.show(number + 1, of: collection.questions.count)
        }
        return rankings
    }
}
