import Foundation
import ParleyInference

/// All measurements, in an order in which each finds what it needs.
struct Suite {
    let options: Options
    let folder: URL
    var texts: Texts

    init(_ options: Options) throws {
        self.options = options
        texts = Texts(corpus: options.corpus)
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-benchmark-\(getpid())", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    mutating func run() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var report = Report()
        if options.isWanted("start") { try measureStart(&report) }
        if !options.only.isDisjoint(with: ["ingestion", "search", "list", "answer"]) || options.only.isEmpty {
            try await measureServer(&report)
        }
        if options.isWanted("streams") { try measureStreams(&report) }
        if options.isWanted("model") { try measureModel(&report) }
        print(report.text)
        if !report.isMet { throw Failure("a goal is missed.") }
    }

    /// What is measured on one running server as it fills.
    private mutating func measureServer(_ report: inout Report) async throws {
        let instant = try ChildProcess(CommandLine.arguments[0], ["serve-model"], log: folder.appending(path: "instant.log"))
        defer { instant.stop() }
        let modelPort = Int(try instant.output(after: "listening on port ")) ?? 0
        let server = try ParleyServer(options, folder: folder.appending(path: "data"), modelPort: modelPort)
        defer { server.process.stop() }
        try server.makeAdministrator()
        let project = try server.makeProject()
        let model = OpenVINOEmbeddingModel(folder: options.embeddingModel, runtime: options.runtime, waitingLimit: 1_000_000)
        try await fill(server, project, model, &report)
        if options.isWanted("search") { try await measureSearch(server, project, model, &report) }
        if options.isWanted("list") { try measureList(server, project, &report) }
        if options.isWanted("answer") { try await measureAnswer(server, project, model, &report) }
    }

    /// Puts the documents in; on the way the speed of ingestion and the memory are measured.
    private mutating func fill(
        _ server: ParleyServer, _ project: String, _ model: OpenVINOEmbeddingModel, _ report: inout Report
    ) async throws {
        try server.ingest(texts.next(1), into: project)
        _ = try server.search(texts.questions(1), in: project, server.signIn())
        report.add(Line("server memory, embedding model loaded", server.process.memory, "MB", .atMost(220)))
        var count = 1
        if options.isWanted("ingestion") { count += try await measureIngestion(server, project, model, &report) }
        while count < options.documents {
            let part = texts.next(min(500, options.documents - count))
            try server.ingest(part, into: project)
            count += part.count
            tell("\(count) documents")
        }
        _ = try server.search(texts.questions(20), in: project, server.signIn())
        report.add(Line("server memory, \(options.documents) documents", server.process.memory, "MB", .atMost(400)))
    }
}
