import Logging
import ParleyAuthority
public import ParleyCore
public import ParleyTelemetry

extension ErrorCode {
    /// The status of its problem document.
    public var status: Int { self == .rangeNotSatisfiable ? 416 : kind.status }
}

extension Endpoint {
    /// What this endpoint can answer beside a success, sorted by name: what it declares, and what its form brings along.
    public var possibleErrors: [ErrorCode] {
        var codes = Set(errors + [.internal, .unavailable, .cancelled, .malformedRequest, .invalidInput])
        if rate != .health { codes.formUnion([.wrongHost, .rateExceeded]) }
        if method != .get { codes.insert(.wrongOrigin) }
        if access != .open { codes.formUnion([.unauthenticated, .forbidden]) }
        if isIdempotencyKeyed { codes.formUnion(ErrorCode.ofIdempotency) }
        if !representations.isEmpty { codes.insert(.notAcceptable) }
        if case .events = output { codes.insert(.notAcceptable) }
        if givesRanges { codes.insert(.rangeNotSatisfiable) }
        if path.hasPrefix("/v1/") { codes.insert(.unknownVersion) }
        if path.hasPrefix("/v1/"), !pathParameters.isEmpty { codes.insert(.notFound) }
        if case .project = access { codes.insert(.projectNotFound) }
        if input != nil { codes.insert(.malformedJSON) }
        if input != nil || !accepts.isEmpty {
            codes.formUnion([.mediaType, .tooLarge, .incompleteRequest, .tooSlow, .malformedEncoding, .inflatesTooMuch])
        }
        if accepts.contains(.multipart) { codes.insert(.malformedMultipart) }
        if case .page = output { codes.insert(.wrongCursor) }
        if takesMatch { codes.insert(.preconditionFailed) }
        if deprecation?.sunset != nil { codes.insert(.endpointGone) }
        if requiresPrecondition { codes.insert(.preconditionRequired) }
        return codes.sorted { $0.name < $1.name }
    }

    /// The status that the error has with this endpoint; a foreign dialect may have another one.
    func status(of code: ErrorCode) -> Int {
        dialect.answer?(ParleyError(code, code.title), code.status).status ?? code.status
    }
}

/// What every endpoint says that it can answer. An error that is not among it is noted, so that the documentation cannot fall behind.
struct DeclaredErrors: Sendable {
    private let codes: [String: Set<ErrorCode>]

    init(_ endpoints: [Endpoint]) {
        codes = Dictionary(endpoints.map { ($0.id, Set($0.possibleErrors)) }) { first, _ in first }
    }

    /// Faults of ours and of what we depend on are never a surprise.
    func contains(_ code: ErrorCode, of endpoint: Endpoint) -> Bool { code.isFault || codes[endpoint.id]?.contains(code) ?? true }

    /// Notes an error that the endpoint's documentation does not tell of.
    func note(_ error: ParleyError, _ endpoint: Endpoint?, _ telemetry: Telemetry, _ logger: Logger) {
        guard let endpoint, !contains(error.code, of: endpoint) else { return }
        telemetry.count(.httpUndeclaredErrors, ["endpoint": endpoint.id, "code": error.code.name])
        logger.warning(
            "An endpoint answered an error that it does not declare.",
            metadata: ["endpoint": "\(endpoint.id)", "code": "\(error.code.name)"])
    }
}

extension Metric {
    public static let httpUndeclaredErrors = counter(
        "parley_http_undeclared_errors_total", "Errors answered by endpoints that do not declare them, which is a mistake of ours.",
        labels: ["endpoint", "code"])
}
