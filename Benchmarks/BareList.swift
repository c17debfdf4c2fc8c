import Foundation
import Hummingbird
import Logging

/// The least that a list can cost: one Hummingbird route that encodes the same values with `JSONEncoder`.
enum BareList {
    /// A page of documents, as the product answers it.
    struct PageOfDocuments: ResponseCodable {
        let items: [Item]
        let page: Place

        struct Place: Codable {
            let nextCursor: String?
            let hasMore: Bool

            enum CodingKeys: String, CodingKey {
                case nextCursor = "next_cursor"
                case hasMore = "has_more"
            }
        }

        struct Item: Codable {
            let id, name, mediaType, state, revision, created, updated: String
            let size: Int
            let progress: Double
            let pages, chunks: Int?
            let tags: [String]
            let error, deleted: String?

            enum CodingKeys: String, CodingKey {
                case id, name, state, size, progress, pages, chunks, tags, error
                case mediaType = "media_type"
                case revision = "revision_id"
                case created = "created_at"
                case updated = "updated_at"
                case deleted = "deleted_at"
            }
        }
    }

    /// Serves the page in the file at `/list` on a free port, which it prints.
    static func serve(file: String) async throws {
        let page = try JSONDecoder().decode(PageOfDocuments.self, from: Data(contentsOf: URL(filePath: file)))
        let router = Router()
        router.get("/list") { _, _ in page }
        try await serveOnFreePort(router)
    }
}

/// Serves on a free port, which it prints, until it is told to stop.
func serveOnFreePort(_ router: Router<BasicRequestContext>) async throws {
    var logger = Logger(label: "benchmarks")
    logger.logLevel = .error
    let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in tell("listening on port \(channel.localAddress?.port ?? 0)") }, logger: logger)
    try await application.runService()
}
