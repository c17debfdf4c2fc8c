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
        try await prepared(operations, call) { try await each(operations, call, from: first) }
    }

    private func each(_ operations: [BulkOperation], _ call: BulkCall, from first: Int = 0) async throws -> [BulkOutcome] {
        var outcomes: [BulkOutcome] = []
        for (index, operation) in operations.enumerated() {
            try Task.checkCancellation()
            outcomes.append(await outcome(operation, first + index, call))
        }
        return outcomes
    }

    /// Does all operations or none.
    /// - Throws: `bulk.undone` with a pointer into the operations for everything that was wrong.
    public func runTogether(_ operations: [BulkOperation], _ call: BulkCall) async throws -> [BulkOutcome] {
        try await prepared(operations, call) {
            try await transactions.together {
                let outcomes = try await each(operations, call)
                let failed = outcomes.filter { !$0.isDone }
                guard failed.isEmpty else {
                    throw ParleyError(
                        .bulkUndone, "\(failed.count) of \(operations.count) operations failed, so nothing was changed; see errors.",
                        fields: failed.flatMap(Self.fieldErrors))
                }
                return outcomes
            }
        }
    }

    /// Runs the body after all slow work of the operations whose caller may do them. What is wrong with an operation it tells by itself.
    private func prepared<Result>(_ operations: [BulkOperation], _ call: BulkCall, _ body: () async throws -> Result) async throws -> Result
    {
        guard operations.contains(where: { collections[call.collection]?.operations[$0.name]?.prepare != nil }) else {
            return try await body()
        }
        return try await Preparation.$current.withValue(Preparation()) {
            await withTaskGroup(of: Void.self) { group in
                for operation in operations {
                    group.addTask {
                        guard let (endpoint, request, gate) = try? single(operation, call), let prepare = endpoint.prepare,
                            (try? await gate.admit(endpoint.access, request)) != nil
                        else { return }
                        try? await prepare(forward(operation, endpoint, call), call.principal)
                    }
                }
            }
            return try await body()
        }
    }

    private static func fieldErrors(_ outcome: BulkOutcome) -> [FieldError] {
        let place = "/operations/\(outcome.index)"
        let fields = outcome.error?["errors"]?.array ?? []
        if fields.isEmpty { return [FieldError(place, outcome.error?["detail"]?.string ?? "failed")] }
        return fields.map { FieldError(place + "/body" + ($0["pointer"]?.string ?? ""), $0["message"]?.string ?? "is not valid") }
    }

    private func outcome(_ operation: BulkOperation, _ index: Int, _ call: BulkCall) async -> BulkOutcome {
        var outcome = BulkOutcome(index: index, name: operation.name, id: operation.id, status: 200)
        do {
            let (status, body) = try await transactions.together { try await answer(operation, call) }
            (outcome.status, outcome.body) = (status, body)
            if outcome.id == nil { outcome.id = body["id"]?.string }
        } catch {
            let told = ParleyError(mapping: error)
            if told.code.isFault { logger.report(told, "An operation in bulk ended in an error.") }
            declared.note(told, collections[call.collection]?.operations[operation.name], telemetry, logger)
            let problem = Problem(error: told, instance: call.path, requestID: call.requestID)
            (outcome.status, outcome.error) = (problem.status, (try? JSONParser.parse(problem.bytes)) ?? .null)
        }
        return outcome
    }

    /// The single endpoint of an operation, and the request that stands for it.
    private func single(_ operation: BulkOperation, _ call: BulkCall) throws -> (Endpoint, EndpointRequest, Gate) {
        guard let collection = collections[call.collection] else {
            throw ParleyError(.internal, "There is no collection \(call.collection).")
        }
        guard let endpoint = collection.operations[operation.name] else {
            throw ParleyError(.bulkNotKnown, "This collection knows \(collection.names.joined(separator: ", ")), not \(operation.name).")
        }
        let names = endpoint.pathParameters
        var parameters = call.parameters
        if let name = names.first(where: { parameters[$0] == nil }) {
            guard let id = operation.id else {
                throw ParleyError(
                    .invalidInput, "An operation other than create needs the item's id.", fields: [FieldError("/id", "is required")])
            }
            parameters[name] = id
        }
        let body = endpoint.input == nil ? nil : JSONText.bytes(forward(operation, endpoint, call))
        let request = EndpointRequest(call, endpoint, parameters: parameters, body: body)
        return (endpoint, request, Gate(authenticator: Nobody(), authorizer: authorizer, known: call.principal))
    }

    /// An operation's body as the newest version knows it.
    private func forward(_ operation: BulkOperation, _ endpoint: Endpoint, _ call: BulkCall) -> JSONValue {
        history.changes(after: call.version, for: endpoint.id).reduce(operation.body ?? [:]) { $1.forward($0) }
    }

    /// What the single endpoint answers.
    private func answer(_ operation: BulkOperation, _ call: BulkCall) async throws -> (Int, JSONValue) {
        let (endpoint, request, gate) = try single(operation, call)
        let response = try await endpoint.run(request, gate).response(request, StreamPolicy(heartbeat: .seconds(15), logger: logger))
        let bytes = try await response.body.bytes()
        let value: JSONValue = bytes.isEmpty ? .null : try JSONParser.parse(bytes)
        let changes = history.changes(after: call.version, for: endpoint.id)
        return (response.status.code, changes.reversed().reduce(value) { $1.back($0) })
    }

    /// The caller is known; no token is asked for.
    private struct Nobody: RequestAuthenticator {
        func authenticate(_ bearer: String) async throws -> Principal? { nil }
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

extension EndpointRequest {
    /// A request to a single endpoint that was never on the wire.
    fileprivate init(_ call: BulkCall, _ endpoint: Endpoint, parameters: [String: String], body: [UInt8]?) {
        var head = HTTPRequest(method: .init(endpoint.method.rawValue) ?? .post, scheme: nil, authority: nil, path: endpoint.path)
        if body != nil { head.headerFields[.contentType] = "application/json" }
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body ?? [])))
        let identity = RequestIdentity(requestID: call.requestID)
        let limits = Limits(json: .max, upload: .max, bulk: .max, inflation: 1, time: .seconds(60), signer: .random)
        self.init(
            request, identity: identity, endpoint: endpoint, parameters: endpoint.pathParameters.map { parameters[$0] ?? "" },
            limits: limits)
    }
}
