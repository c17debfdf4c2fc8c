import Accounts
import Foundation
import Library
import NIOCore
import ParleyAuthority
import ParleyCore

/// A project that an evaluation runs in.
struct EvaluationProject: Sendable {
    let parley: Parley
    let owner: Principal
    let documents: ProjectScope<DocumentsWrite>
    let search: ProjectScope<Search>

    var id: ProjectID { documents.project }

    /// The project of this name, made when there is none.
    init(_ parley: Parley, named name: String) async throws {
        self.parley = parley
        owner = try await LocalServer.administrator(of: parley)
        let list = try parley.authorizer.scope(owner, .projectsList)
        let known = try await parley.projects.projects(ListQuery(limit: 1000), list).items.first { $0.project.name == name }
        let create = try parley.authorizer.scope(owner, .projectsCreate)
        let id =
            if let known { known.project.id } else { try await parley.projects.add(name: name, description: "", create).project.id }
        documents = try await parley.authorizer.scope(owner, .documentsWrite, on: id)
        search = try await parley.authorizer.scope(owner, .search, on: id)
    }

    /// Whether nothing was put into it yet.
    var isEmpty: Bool {
        get async throws { try await parley.documents.count(documents.documentsRead) == 0 }
    }

    func add(_ bytes: ByteBuffer, name: String) async throws {
        _ = try await parley.documents.add(AsyncStream.once(bytes), name: name, tags: [], documents)
    }

    /// Puts the files of a folder in, as far as they can be read, unless the project has documents already.
    func add(folder: URL) async throws {
        if try await isEmpty {
            for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
                do {
                    try await add(ByteBuffer(bytes: try Data(contentsOf: file)), name: file.lastPathComponent)
                } catch let error as ParleyError { Terminal.tell("\(file.lastPathComponent): \(error.message)") }
            }
        }
        try await waitUntilRead()
    }

    func waitUntilRead() async throws {
        var progress = Terminal.Progress("reading  ")
        while true {
            let states = try await parley.documents.counts(documents.documentsRead)
            let done = (states[.ready] ?? 0) + (states[.failed] ?? 0)
            progress.show(done, of: states.values.reduce(0, +))
            if done == states.values.reduce(0, +) {
                if let failed = states[.failed] { Terminal.tell("\(failed) documents could not be read") }
                return
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}
