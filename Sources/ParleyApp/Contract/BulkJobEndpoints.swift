import ParleyAuthority
import ParleyCore
import ParleyDatabase
import ParleyHTTP

extension EndpointTag {
    static let bulkJobs = Self("Bulk jobs", "Many changes at once that take a while.")
}

/// Bulk jobs over HTTP. A job is its maker's alone; a key that opens one project sees those in it.
struct BulkJobEndpoints: Sendable {
    let jobs: BulkJobs

    private static let root = "/v1/bulk-jobs"

    var endpoints: [Endpoint] {
        [
            .installation(
                .bulkJobsUse, .get, path: Self.root, id: "bulkJobs.list", tag: .bulkJobs, summary: "List your bulk jobs",
                output: .page(of: BulkJob.schema, BulkJobStore.list.shape)
            ) { request, scope in
                .page(try await jobs.list(request.list(), scope))
            },
            .installation(
                .bulkJobsUse, .get, path: Self.root + "/{bulk}", id: "bulkJobs.get", tag: .bulkJobs, summary: "Read how far a bulk job is",
                output: BulkJob.schema, errors: [.bulkNotFound]
            ) { request, scope in
                .ok(try await jobs.status(request.id("bulk"), scope))
            },
            .installation(
                .bulkJobsUse, .get, path: Self.root + "/{bulk}/results", id: "bulkJobs.results", tag: .bulkJobs,
                summary: "Read what became of the operations",
                description: "In their order, as far as they are done.",
                output: .page(of: BulkOutcome.schema, BulkJobStore.outcomeList.shape),
                errors: [.bulkNotFound]
            ) { request, scope in
                .page(try await jobs.outcomes(request.list(), of: request.id("bulk"), scope))
            },
            .installation(
                .bulkJobsUse, .post, path: Self.root + "/{bulk}/cancel", id: "bulkJobs.cancel", tag: .bulkJobs, summary: "Stop a bulk job",
                description: "What was done stays done.", output: BulkJob.schema, status: 202, errors: [.bulkNotFound]
            ) { request, scope in
                let job = try await jobs.cancel(request.id("bulk"), scope)
                return .accepted(job, location: "\(Self.root)/\(job.id)")
            },
        ]
    }
}
