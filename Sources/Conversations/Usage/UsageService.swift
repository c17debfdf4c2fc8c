public import ParleyAuthority
import ParleyCore
public import ParleyDatabase

/// Tells what answers have cost.
public struct UsageService: Sendable {
    private let database: Database
    private let store = UsageStore()

    public init(database: Database) { self.database = database }

    /// The whole installation's.
    public func usage(_ query: UsageQuery, _ scope: Scope) async throws -> [UsageSum] { try await sums(query) }

    /// One project's.
    public func usage(_ query: UsageQuery, _ scope: ProjectScope) async throws -> [UsageSum] {
        var query = query
        query.project = scope.project
        return try await sums(query)
    }

    /// The caller's own.
    public func usage(_ query: UsageQuery, of principal: Principal) async throws -> [UsageSum] {
        var query = query
        query.user = principal.user
        if let project = principal.project { query.project = project }
        return try await sums(query)
    }

    private func sums(_ query: UsageQuery) async throws -> [UsageSum] { try await database.read { try store.sums(query, in: $0) } }
}
