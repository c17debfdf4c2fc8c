import Accounts
import Foundation
import Library
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
        let owner = try await LocalServer.administrator(of: parley)
        let scope = try await project(of: owner)
        try await ingest(scope)
        var rankings: [SearchMode: [String: [String]]] = [:]
        for mode in [SearchMode.lexical, .vector, .hybrid] { rankings[mode] = try await rank(mode, scope) }
        return EvaluationReport(collection: collection, rankings: rankings)
    }

    private func project(of owner: User) async throws -> ProjectScope {
        let list = try parley.authorizer.scope(owner.principal, .projectsList)
        let known = try await parley.projects.projects(after: nil, limit: 1000, list).first { $0.project.name == Self.project }
        var id = known?.project.id
        if id == nil {
            let create = try parley.authorizer.scope(owner.principal, .projectsCreate)
            id = try await parley.projects.add(name: Self.project, description: "", create).project.id
        }
        guard let id else { throw ParleyError(.internal, "The project could not be made.") }
        return try await parley.authorizer.scope(owner.principal, .projectManage, on: id)
    }

    private func ingest(_ scope: ProjectScope) async throws {
        let total = collection.documents.count
        guard try await parley.documents.count(in: scope.project) == 0 else { return try await waitUntilRead(scope, total) }
        var progress = Terminal.Progress("uploading")
        for (number, document) in collection.documents.enumerated() {
            let text = document.title.isEmpty ? document.text : "# \(document.title)\n\n\(document.text)"
            _ = try await parley.documents.add(AsyncStream.once(ByteBuffer(string: text)), name: document.id + ".md", tags: [], scope)
            progress.show(number + 1, of: total)
        }
        try await waitUntilRead(scope, total)
    }

    private func waitUntilRead(_ scope: ProjectScope, _ total: Int) async throws {
        var progress = Terminal.Progress("reading  ")
        while true {
            let states = try await parley.documents.counts(in: scope.project)
            let done = (states[.ready] ?? 0) + (states[.failed] ?? 0)
            progress.show(done, of: states.values.reduce(0, +))
            if done == states.values.reduce(0, +) {
                if let failed = states[.failed] { Terminal.tell("\(failed) documents could not be read") }
                return
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    /// A document takes the place of its best chunk.
    private func rank(_ mode: SearchMode, _ scope: ProjectScope) async throws -> [String: [String]] {
        var rankings: [String: [String]] = [:]
        var progress = Terminal.Progress("searching, \(mode.rawValue)")
        for (number, question) in collection.questions.enumerated() {
            let found = try await parley.search.search(SearchRequest(query: question.text, limit: Self.depth * 2, mode: mode), scope)
            var seen: Set<String> = []
            let names = found.hits.map { String($0.documentName.dropLast(3)) }.filter { seen.insert($0).inserted }
            rankings[question.id] = Array(names.prefix(Self.depth))
            progress.show(number + 1, of: collection.questions.count)
        }
        return rankings
    }
}
