public import ParleyCore

/// A request that its caller wants carried out once, however often it is sent.
public struct IdempotentRequest: Sendable, Hashable {
    /// Whose key it is: keys of different people never meet.
    public let user: UserID
    public let key: String
    /// A hash of everything that makes the request what it is.
    public let fingerprint: String
    /// Tells this attempt from another one at the same request.
    public let attempt: RequestID

    public init(user: UserID, key: String, fingerprint: String, attempt: RequestID) {
        (self.user, self.key, self.fingerprint, self.attempt) = (user, key, fingerprint, attempt)
    }
}

/// The answer to a request, as it is kept for those who send the request again.
public struct KeptAnswer: Sendable, Hashable {
    public var status: Int
    public var headers: [Header]
    /// Nil when it must not be kept (a secret) or cannot be (a stream).
    public var body: [UInt8]?

    public struct Header: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    public init(status: Int, headers: [Header], body: [UInt8]?) { (self.status, self.headers, self.body) = (status, headers, body) }
}

/// Remembers requests with an `Idempotency-Key` and their answers, for all processes of the installation. Implemented on the database.
public protocol IdempotencyKeeper: Sendable {
    /// Takes the key for this attempt.
    /// - Returns: the answer of an attempt that was carried out; nil when this one is to carry the request out.
    /// - Throws: `idempotency.key_reused` when the key stands for another request, `idempotency.in_progress` while another attempt runs.
    func claim(_ request: IdempotentRequest) async throws -> KeptAnswer?

    /// Carries the request out: what the work changes and the answer that it gives are written in one transaction. When it throws,
    /// nothing was changed and the key is free again.
    func carryOut<Result: Sendable>(
        _ request: IdempotentRequest, _ work: () async throws -> (result: Result, answer: KeptAnswer)
    ) async throws -> Result
}

extension ErrorCode {
    public static let idempotencyKeyInvalid = Self("idempotency.key_invalid", .invalid, "The Idempotency-Key is not valid")
    public static let idempotencyKeyReused = Self(
        "idempotency.key_reused", .unprocessable, "The Idempotency-Key stands for another request")
    public static let idempotencyInProgress = Self("idempotency.in_progress", .conflict, "The same request is being carried out")
    public static let idempotencyAnswerNotKept = Self(
        "idempotency.answer_not_kept", .conflict, "The request was carried out and its answer is not kept")

    static let ofIdempotency: [ErrorCode] = [
        .idempotencyKeyInvalid, .idempotencyKeyReused, .idempotencyInProgress, .idempotencyAnswerNotKept,
    ]
}
