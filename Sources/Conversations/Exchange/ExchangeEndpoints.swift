import NIOCore
import ParleyAuthority
import ParleyCore
public import ParleyHTTP

/// Export and import of threads over HTTP.
public struct ExchangeEndpoints: Sendable {
    private static let root = "/v1/projects/{project}/threads"
    private let exchange: ThreadExchange
    private let pdf = PDFWriter()

    public init(_ exchange: ThreadExchange) { self.exchange = exchange }

    public var endpoints: [Endpoint] {
        [
            .project(
                .threadsUse, .get, path: Self.root + "/{thread}/export", id: "threads.export", tag: .threads, summary: "Write a thread out",
                description: """
                    Markdown, HTML and PDF hold the latest branch with its citations; JSON holds every branch, and can be taken in again. \
                    Choose with `format`, or with `Accept`.
                    """,
                query: [.choice("format", "What to write; by the `Accept` header when left out.", ExportFormat.self)],
                output: .file("text/markdown", "text/html", "application/json", "application/pdf"),
                errors: [.threadNotFound, .notAcceptable, .exportPDFMissing, .exportTooLarge, .exportPDFFailed], rate: .bulk
            ) { request, scope in
                let format = try Self.format(request)
                let export = try await exchange.export(request.id("thread"), scope)
                return .file(try await export.bytes(format, pdf), name: export.fileName(format), contentType: format.contentType)
            },
            .project(
                .threadsUse, .post, path: Self.root + "/import", id: "threads.import", tag: .threads, summary: "Take threads in",
                description: """
                    The JSON export of ChatGPT (`conversations.json`), Open WebUI, LibreChat or of Parley itself, at most 64 MiB. Each \
                    conversation becomes a thread of yours with all its branches. All are taken in, or none.
                    """,
                accepts: ["application/json", "application/octet-stream"], output: ImportReport.schema,
                errors: [.importUnknown], rate: .upload
            ) { request, scope in
                var bytes: [UInt8] = []
                for try await chunk in request.body {
                    bytes.append(contentsOf: chunk.readableBytesView)
                    guard bytes.count <= ThreadExchange.longestImport else {
                        throw ParleyError(.importUnknown, "The export is larger than 64 MiB; split it.")
                    }
                }
                return .ok(try await exchange.take(bytes, scope))
            },
        ]
    }

    private static func format(_ request: EndpointRequest) throws -> ExportFormat {
        if let format: ExportFormat = try request.query("format") { return format }
        let type = try request.preferred(of: ExportFormat.allCases.map(\.mediaType))
        return ExportFormat.allCases.first { $0.mediaType == type } ?? .markdown
    }
}

/// What was taken in.
struct ImportReport: Sendable {
    let threads: [ChatThread]
    let skipped: Int

    static let schema: Schema<ImportReport> = .object(
        "ImportReport", "The threads that were made.",
        .field("count", { @Sendable in $0.threads.count }, .int()),
        .field("skipped", \.skipped, .int(), "Conversations without a message that can be read."),
        .field("threads", \.threads, .array(ChatThread.schema)),
        example: ImportReport(threads: [ChatThread.example], skipped: 0))
}
