public import ParleyCore

/// How an endpoint's resource tells its version: any text that is another one after every change. With it reads get a strong
/// `ETag` and are answered 304 before anything is computed, and writes obey `If-Match`.
public struct ResourceVersion: Sendable {
    /// What a write demands of the version that it finds; nil stands for no resource at all. Throws when it is not met.
    public typealias Demand = @Sendable (String?) throws -> Void

    let current: @Sendable (EndpointRequest) async throws -> String?
    let guarding: @Sendable (EndpointRequest, @escaping Demand, _ write: () async throws -> Void) async throws -> Void

    /// - Parameters:
    ///   - current: the version now, by a look-up that is cheaper than the resource; nil when there is none.
    ///   - guarding: runs the write so that the demand is made in the very transaction in which it changes the resource.
    public init(
        current: @escaping @Sendable (EndpointRequest) async throws -> String?,
        guarding: @escaping @Sendable (EndpointRequest, @escaping Demand, _ write: () async throws -> Void) async throws -> Void
    ) {
        (self.current, self.guarding) = (current, guarding)
    }
}

extension Endpoint {
    /// The same endpoint with its resource's version known.
    /// - Parameter requiresMatch: whether a write must say by `If-Match` which version it means; 428 when it does not.
    public func versioned(_ version: ResourceVersion, requiresMatch: Bool = false) -> Endpoint {
        var endpoint = self
        (endpoint.versions, endpoint.requiresPrecondition) = (version, requiresMatch)
        return endpoint
    }
}

extension ErrorCode {
    public static let preconditionFailed = Self("request.precondition_failed", .preconditionFailed, "The resource is another one by now")
    public static let preconditionRequired = Self(
        "request.precondition_required", .preconditionRequired, "The request must say which version it means")
}
