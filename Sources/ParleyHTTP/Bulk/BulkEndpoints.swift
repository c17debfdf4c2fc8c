import HTTPTypes
import Hummingbird
import NIOCore
import ParleyAuthority
public import ParleyCore

/// Takes more operations than are answered at once. Implemented with the job queue.
public protocol BulkQueue: Sendable {
    /// The form of a job's status.
    var statusShape: SchemaShape { get }
    /// Keeps the operations and has them carried out.
    /// - Returns: the path of the job's status.
    func accept(_ operations: [BulkOperation], _ call: BulkCall) async throws -> (status: JSONValue, location: String)
}

extension BulkRunner {
    /// `POST …/bulk` for every collection.
    /// - Parameter queue: for more than a thousand operations; nil to refuse them.
    public func endpoints(queue: (any BulkQueue)?) -> [Endpoint] { all.map { endpoint($0, queue) } }

    private func endpoint(_ collection: BulkCollection, _ queue: (any BulkQueue)?) -> Endpoint {
        Endpoint(
            collection.list.access, .post, path: collection.path, id: collection.id, tag: collection.list.tag,
            summary: "Change many \(collection.words) at once",
            description: """
                Operations: \(collection.names.joined(separator: ", ")). Each is checked, authorised and counted as if it had come alone. \
                With `mode=atomic` all are done or none. More than \(BulkLimits.direct), or `Prefer: respond-async`, become a job: 202 with its status \
                at `Location`.
                """,
            query: [.choice("mode", "Whether operations stand and fall together.", BulkMode.self, default: BulkMode.each)],
            input: BulkInput.schema.shape, accepts: ["application/json", "application/x-ndjson", "application/ndjson"],
            output: BulkAnswer.schema, status: 200, errors: ErrorCode.ofBulk, rate: .bulk, cache: .privateNoCache
        ) { request, gate in
            try await gate.admit(collection.list.access, request)
            let principal = try await gate.principal(request)
            let request = try request.validated()
            let mode = try request.query("mode", as: BulkMode.self) ?? .each
            let operations = try await request.operations()
            try await count(operations, collection, request)
            return try await reply(operations, mode, try call(request, collection, principal), request, queue)
        }
        .orStatus(202, queue?.statusShape)
    }

    /// Operations count as the single requests would that they stand for.
    private func count(_ operations: [BulkOperation], _ collection: BulkCollection, _ request: EndpointRequest) async throws {
        let classes = operations.map { collection.operations[$0.name]?.rate ?? .ordinary }
        for rate in RateClass.allCases { try await request.rate.take(classes.count { $0 == rate }, of: rate) }
    }

    private func call(_ request: EndpointRequest, _ collection: BulkCollection, _ principal: Principal) throws -> BulkCall {
        BulkCall(
            collection: collection.id, path: request.path, parameters: request.parameters, principal: principal,
            version: try history.version(request.request.headers), requestID: request.requestID)
    }

    private func reply(
        _ operations: [BulkOperation], _ mode: BulkMode, _ call: BulkCall, _ request: EndpointRequest, _ queue: (any BulkQueue)?
    ) async throws -> Reply<BulkAnswer> {
        let prefersJob = (request.header("Prefer") ?? "").lowercased().contains("respond-async")
        guard operations.count > BulkLimits.direct || prefersJob else {
            let outcomes = mode == .atomic ? try await runTogether(operations, call) : try await run(operations, call)
            return .ok(.result(BulkResult(mode: mode, items: outcomes)))
        }
        guard mode == .each, let queue else {
            throw ParleyError(
                .bulkTooMany, "At most \(BulkLimits.direct) operations can stand and fall together, and they are answered at once.")
        }
        let (status, location) = try await queue.accept(operations, call)
        return .accepted(.job(status), location: location)
    }
}

extension EndpointRequest {
    /// The operations in the body: a JSON object, or one operation a line. All mistakes are told at once.
    fileprivate func operations() async throws -> [BulkOperation] {
        var bytes: [UInt8] = []
        for try await chunk in RequestBytes(request.body, limit: limits.bulk, expected: contentLength) {
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        let isOneValue = mediaType == "application/json"
        return try await onWorkerThread(from: bytes.count) { [bytes] in
            let limits = JSONLimits(values: BulkLimits.values)
            let value: JSONValue =
                isOneValue ? try JSONValue(body: bytes, limits) : ["operations": .array(try JSONValue.lines(ofBody: bytes, limits))]
            return try BulkInput.schema.decode(value).operations
        }
    }
}
