import HTTPTypes
import Hummingbird
import Logging
import NIOCore
public import ParleyAuthority
import ParleyCore
public import ParleyTelemetry

/// Puts several changes into one transaction. Implemented on the database.
public protocol Transactions: Sendable {
    /// All that the body changes is done when it returns, and undone when it throws. Within another one it is undone by itself.
    func together<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result
}

/// Carries out operations by the single endpoints, as their caller: each is checked, authorised and answered as if it had come alone.
public struct BulkRunner: Sendable {
    private let collections: [String: BulkCollection]
    let history: VersionHistory
    private let transactions: any Transactions
    private let authorizer: Authorizer
    private let logger: Logger
    private let telemetry: Telemetry
    private let declared: DeclaredErrors

    /// - Parameter endpoints: those whose lists can be changed in bulk.
    public init(
        _ endpoints: [Endpoint], history: VersionHistory = .published, transactions: any Transactions, authorizer: Authorizer,
        telemetry: Telemetry
    ) {
        collections = Dictionary(BulkCollection.all(in: endpoints).map { ($0.id, $0) }) { first, _ in first }
        (self.history, self.transactions, self.authorizer) = (history, transactions, authorizer)
        (self.telemetry, logger, declared) = (telemetry, telemetry.logger("bulk"), DeclaredErrors(endpoints))
    }

    var all: [BulkCollection] { collections.values.sorted { $0.id < $1.id } }

    /// Does each operation in a transaction of its own (within the transaction that there is), whatever becomes of the others.
    public func run(_ operations: [BulkOperation], _ call: BulkCall, from first: Int = 0) async throws -> [BulkOutcome] {
        try await prepared(operations, call) { try await each($0, call, from: first) }
    }

    private func each(_ singles: [BulkSingle], _ call: BulkCall, from first: Int = 0) async throws -> [BulkOutcome] {
        var outcomes: [BulkOutcome] = []
        for (index, single) in singles.enumerated() {
            try Task.checkCancellation()
            outcomes.append(await outcome(single, first + index, call))
        }
        return outcomes
    }

    /// Does all operations or none.
    /// - Throws: `bulk.undone` with a pointer into the operations for what was wrong, up to a hundred mistakes.
    public func runTogether(_ operations: [BulkOperation], _ call: BulkCall) async throws -> [BulkOutcome] {
        try await prepared(operations, call) { singles in
            try await transactions.together {
                let outcomes = try await each(singles, call)
                let failed = outcomes.filter { !$0.isDone }
                guard failed.isEmpty else {
                    var errors = FieldErrors()
                    for outcome in failed where !errors.isFull { errors.append(contentsOf: Self.fieldErrors(outcome)) }
                    let those = errors.isFull ? "the first \(FieldErrors.most) mistakes stand in errors" : "see errors"
                    throw ParleyError(
                        .bulkUndone, "\(failed.count) of \(operations.count) operations failed, so nothing was changed; \(those).",
                        fields: errors.list)
                }
                return outcomes
            }
        }
    }

    /// Runs the body with the operations as requests, after all of their input was read and all slow work done for those whose caller may
    /// do them. What is wrong with an operation it tells by itself.
    private func prepared<Result>(
        _ operations: [BulkOperation], _ call: BulkCall, _ body: ([BulkSingle]) async throws -> Result
    ) async throws -> Result {
        let size = operations.reduce(0) { $0 + ($1.body?.count ?? 0) }
        let singles = try await onWorkerThread(from: size) { operations.map { single($0, call) } }
        guard singles.contains(where: { $0.slowWork != nil }) else { return try await body(singles) }
        return try await Preparation.$current.withValue(Preparation()) {
            await withTaskGroup(of: Void.self) { group in
                for single in singles {
                    guard let work = single.slowWork else { continue }
                    group.addTask { try? await work() }
                }
            }
            return try await body(singles)
        }
    }

    private static func fieldErrors(_ outcome: BulkOutcome) -> [FieldError] {
        let place = "/operations/\(outcome.index)"
        let fields = outcome.error?["errors"]?.array ?? []
        if fields.isEmpty { return [FieldError(place, outcome.error?["detail"]?.string ?? "failed")] }
        return fields.map { FieldError(place + "/body" + ($0["pointer"]?.string ?? ""), $0["message"]?.string ?? "is not valid") }
    }

    private func outcome(_ single: BulkSingle, _ index: Int, _ call: BulkCall) async -> BulkOutcome {
        var outcome = BulkOutcome(index: index, name: single.operation.name, id: single.operation.id, status: 200)
        do {
            let ready = try single.ready.get()
            let response = try await transactions.together {
                try await ready.endpoint.run(ready.request, ready.gate)
                    .response(ready.request, StreamPolicy(heartbeat: .seconds(15), logger: logger))
            }
            let bytes = try await response.body.bytes()
            let value: JSONValue = bytes.isEmpty ? .null : try JSONValue(parsing: bytes, .stored)
            outcome.status = response.status.code
            outcome.body = ready.changes.reversed().reduce(value) { $1.back($0) }
            if outcome.id == nil { outcome.id = outcome.body["id"]?.string }
        } catch {
            let told = ParleyError(mapping: error)
            if told.code.isFault { logger.report(told, "An operation in bulk ended in an error.") }
            declared.note(told, collections[call.collection]?.operations[single.operation.name], telemetry, logger)
            let problem = Problem(error: told, instance: call.path, requestID: call.requestID)
            (outcome.status, outcome.error) = (problem.status, (try? JSONValue(parsing: problem.bytes, .stored)) ?? .null)
        }
        return outcome
    }

    private func single(_ operation: BulkOperation, _ call: BulkCall) -> BulkSingle {
        do {
            return BulkSingle(operation: operation, ready: .success(try ready(operation, call)))
        } catch {
            return BulkSingle(operation: operation, ready: .failure(error))
        }
    }

    /// The single endpoint of an operation, and the request that stands for it, with its input read.
    private func ready(_ operation: BulkOperation, _ call: BulkCall) throws -> BulkSingle.Ready {
        guard let collection = collections[call.collection] else {
            throw ParleyError(.internal, "There is no collection \(call.collection).")
        }
        guard let endpoint = collection.operations[operation.name] else {
            throw ParleyError(.bulkNotKnown, "This collection knows \(collection.names.joined(separator: ", ")), not \(operation.name).")
        }
        var parameters = call.parameters
        if let name = endpoint.pathParameters.first(where: { parameters[$0] == nil }) {
            guard let id = operation.id else {
                throw ParleyError(
                    .invalidInput, "An operation other than create needs the item's id.", fields: [FieldError("/id", "is required")])
            }
            parameters[name] = id
        }
        let changes = history.changes(after: call.version, for: endpoint.id)
        let given = try operation.body.map { try JSONValue(parsing: $0, .stored) } ?? [:]
        let body = changes.reduce(given) { $1.forward($0) }
        let input = endpoint.decode.map { decode in Result { try decode(body) } }
        return BulkSingle.Ready(
            endpoint: endpoint, request: EndpointRequest(call, endpoint, parameters: parameters, input: input),
            gate: Gate(authenticator: Nobody(), authorizer: authorizer, known: call.principal), changes: changes)
    }
}

/// On whose behalf operations are carried out, and where.
public struct BulkCall: Sendable {
    /// The id of the bulk endpoint.
    public let collection: String
    public let path: String
    /// Of the path.
    public let parameters: [String: String]
    public let principal: Principal
    public let version: String
    public let requestID: String

    public init(collection: String, path: String, parameters: [String: String], principal: Principal, version: String, requestID: String) {
        (self.collection, self.path, self.parameters) = (collection, path, parameters)
        (self.principal, self.version, self.requestID) = (principal, version, requestID)
    }
}
