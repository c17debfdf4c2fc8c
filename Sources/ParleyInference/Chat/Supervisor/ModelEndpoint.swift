public import ParleyCore

/// Where a chat model is served, and what it asks for.
public struct ModelEndpoint: Sendable, Equatable {
    /// Up to and with the version, e.g. `http://127.0.0.1:43117/v1`.
    public var base: String
    public var bearer: Secret?

    public init(base: String, bearer: Secret? = nil) { (self.base, self.bearer) = (base, bearer) }
}
