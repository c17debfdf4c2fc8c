public import ParleyDatabase
public import ParleyHTTP

extension ResourceVersion {
    /// The version of a resource that is a row.
    public static func row(in database: Database, _ version: @escaping @Sendable (EndpointRequest) throws -> RowVersion) -> Self {
        Self(
            current: { try await database.version(version($0)) },
            guarding: { request, demand, write in try await database.guarding(version(request), demand, write) })
    }
}
