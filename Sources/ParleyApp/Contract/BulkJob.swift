import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP
import ParleyJobs

/// Names a bulk request that is carried out as a job.
enum BulkKind: IdentifierKind { static let prefix = "blk" }
typealias BulkID = Identifier<BulkKind>

/// How far a bulk request is.
struct BulkJob: Sendable {
    let id: BulkID
    let collection: String
    let state: JobState
    let total: Int
    let succeeded: Int
    let failed: Int
    let createdAt: Timestamp

    static let schema: Schema<BulkJob> = .object(
        "BulkJob", "Many changes that are carried out one after the other.",
        .field("id", \.id, .id()),
        .field("collection", \.collection, .string(), "The bulk endpoint's id."),
        .field("state", \.state, .enumeration(), "`done` when every operation has its outcome, whichever it is."),
        .field("total", \.total, .int()),
        .field("succeeded", \.succeeded, .int()),
        .field("failed", \.failed, .int()),
        .field("progress", { @Sendable in Double($0.succeeded + $0.failed) / Double(max($0.total, 1)) }, .double(0...1)),
        .field("results", { @Sendable in "/v1/bulk-jobs/\($0.id)/results" }, .string(), "Where the outcomes are."),
        .field("created_at", \.createdAt, .timestamp()),
        example: BulkJob(
            id: BulkID(at: Timestamp(milliseconds: 1_790_000_000_000)), collection: "threads.bulk", state: .running, total: 5000,
            succeeded: 1200, failed: 3, createdAt: Timestamp(milliseconds: 1_790_000_000_000)))
}

/// What the job's handler needs to know; the rest stands in the rows.
struct BulkWork: Codable, Sendable {
    let bulk: BulkID
}

extension ErrorCode {
    static let bulkNotFound = Self("bulk.not_found", .notFound, "There is no such bulk job")
}
