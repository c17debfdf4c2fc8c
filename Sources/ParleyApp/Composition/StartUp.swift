import Accounts
import Foundation
import Library
import Logging
import NIOCore
import ParleyAuthority
import ParleyCore
import ParleyInference
import ParleyTelemetry
import Retrieval
import ServiceLifecycle

/// What is done once at start, beside serving: embedding what has no vectors of the present model, and filling the sample
/// project as soon as there is an administrator to own it.
struct StartUp: Service {
    let parley: Parley

    func run() async throws {
        await cancelWhenGracefulShutdown {
            do {
                try await parley.indexing.catchUp()
            } catch is CancellationError {
                return
            } catch {
                parley.telemetry.logger.warning("no embedding model: documents are found by words alone", metadata: ["error": "\(error)"])
            }
            do { _ = try await parley.passageReader?.checkHealth() } catch {
                parley.telemetry.logger.warning("no reader: likeness tells what answers", metadata: ["error": "\(error)"])
            }
            do {
                if let folder = parley.settings.sampleFolder { try await SampleProject(parley: parley, folder: folder).fill() }
            } catch is CancellationError {
                return
            } catch {
                parley.telemetry.logger.error("the sample project could not be filled", metadata: ["error": "\(error)"])
            }
            try? await gracefulShutdown()
        }
    }
}

/// A project with a folder's documents, so that a new installation can be asked something at once.
struct SampleProject: Sendable {
    static let name = "Parley documentation"
    private static let poll = Duration.seconds(1)

    let parley: Parley
    let folder: URL

    /// Waits for the first administrator, then adds the documents that are not there yet.
    func fill() async throws {
        var owner = try await parley.operators.administrator()
        while owner == nil {
            try await Task.sleep(for: Self.poll)
            owner = try await parley.operators.administrator()
        }
        guard let owner else { return }
        let list = try parley.authorizer.scope(owner, .projectsList)
        let known = try await parley.projects.projects(ListQuery(limit: 1000), list).items
        guard !known.contains(where: { $0.project.name == Self.name }) else { return }
        let create = try parley.authorizer.scope(owner, .projectsCreate)
        let project = try await parley.projects.add(
            name: Self.name, description: "The manual you can ask: what Parley does and how to run it.", create)
        let scope = try await parley.authorizer.scope(owner, .documentsWrite, on: project.project.id)
        for file in try files() {
            let bytes = ByteBuffer(bytes: try Data(contentsOf: file))
            _ = try await parley.documents.add(AsyncStream.once(bytes), name: file.lastPathComponent, tags: ["sample"], scope)
        }
    }

    private func files() throws -> [URL] {
        guard let tree = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles]) else {
            throw ParleyError(.notFound, "The sample folder \(folder.path) cannot be read; set sample.path to another or leave it out.")
        }
        return tree.compactMap { $0 as? URL }.filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
    }
}

extension AsyncStream where Element: Sendable {
    /// A stream of one element.
    static func once(_ element: Element) -> AsyncStream<Element> {
        AsyncStream { continuation in
            continuation.yield(element)
            continuation.finish()
        }
    }
}
