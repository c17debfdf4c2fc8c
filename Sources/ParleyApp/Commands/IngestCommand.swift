import ArgumentParser
import Foundation
import ParleyClient
import ParleyCore

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Put files or folders into a project and wait until they can be asked about.")

    @OptionGroup var server: ServerOptions
    @Option(help: "The project's id or name; made when there is none of this name.") var project: String
    @Option(help: "A tag for every document; may be given again.") var tag: [String] = []
    @Argument(help: "Files and folders.", completion: .file()) var paths: [String]

    func run() async throws {
        try await reporting {
            let files = try Self.files(paths)
            let (options, name, tags) = (server, project, tag)
            let failed = try await options.withClient { client in
                let id = try await client.project(name)
                return try await Ingest(client: client, project: id, tags: tags, json: options.json).run(files)
            }
            if failed > 0 { throw ExitStatus.failure }
        }
    }

    /// Every regular file below the paths, hidden ones left out, in order of name.
    private static func files(_ paths: [String]) throws -> [URL] {
        try paths.flatMap { path -> [URL] in
            let url = URL(filePath: path)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
                throw ParleyError(.notFound, "There is no file or folder \(path).")
            }
            guard isFolder.boolValue else { return [url] }
            let tree = FileManager.default.enumerator(
                at: url, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
            let found = (tree?.compactMap { $0 as? URL } ?? []).filter {
                (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) ?? false
            }
            return found.sorted { $0.path < $1.path }
        }
    }
}

/// Uploads files, then waits for the server to have read them.
struct Ingest: Sendable {
    let client: ParleyAPI
    let project: String
    let tags: [String]
    let json: Bool

    /// How many files could not be taken or read.
    func run(_ files: [URL]) async throws -> Int {
        var failed = 0
        var progress = Terminal.Progress("uploading")
        var waiting: [(id: String, path: String)] = []
        for (number, file) in files.enumerated() {
            do {
                waiting.append((try await client.upload(file, to: project, tags: tags).id, file.path))
            } catch let failure as ParleyAPI.Problem where failure.status != nil {
                failed += 1
                Terminal.tell("\(file.path): \(failure.message)")
            }
            progress.show(number + 1, of: files.count)
        }
        return try await failed + wait(for: waiting)
    }

    private func wait(for documents: [(id: String, path: String)]) async throws -> Int {
        var failed = 0
        var progress = Terminal.Progress("reading  ")
        for (number, (id, path)) in documents.enumerated() {
            let document = try await client.reading(of: id, in: project)
            if json { Terminal.print(try await client.get("/v1/projects/\(project)/documents/\(id)", as: JSONValue.self).text) }
            if document.state == "failed" {
                failed += 1
                Terminal.tell("\(path): \(document.error?.message ?? "failed")")
            }
            for warning in document.warnings ?? [] { Terminal.tell("\(path): note: \(warning)") }
            progress.show(number + 1, of: documents.count)
        }
        return failed
    }
}

extension ParleyAPI {
    /// The id of a project named by id or name; a project of that name is made when there is none.
    func project(_ text: String, make: Bool = true) async throws -> String {
        if ProjectID(text) != nil { return text }
        for try await project in items("/v1/projects", as: Project.self) where project.name == text { return project.id }
        guard make else { throw ParleyError(.notFound, "There is no project named \(text).") }
        return try await post("/v1/projects", ["name": text], as: Project.self).id
    }
}
