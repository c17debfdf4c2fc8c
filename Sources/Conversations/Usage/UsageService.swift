public import Accounts
import Library
public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase

/// Tells what answers have cost.
public struct UsageService: Sendable {
    private let database: Database
    private let store = UsageStore()
    private let limits: AnswerLimits
    private let storage: StorageQuota
    private let clock: any WallClock

    public init(database: Database, limits: AnswerLimits, quotas: Quotas, clock: any WallClock) {
        (self.database, self.limits, storage, self.clock) = (database, limits, StorageQuota(quotas), clock)
    }

    /// Where the project stands against its quotas.
    public func limits(_ scope: ProjectScope<ProjectRead>) async throws -> UsageLimits {
        let now = clock.now()
        return try await database.read { connection in
            UsageLimits(
                try storage.standing(of: scope.project, in: connection), try limits.standing(.project(scope.project), at: now, connection))
        }
    }

    /// Where the caller stands.
    public func limits(_ scope: Scope<AccountRead>) async throws -> UsageLimits {
        let now = clock.now()
        return try await database.read { connection in
            UsageLimits(
                try storage.standing(of: scope.principal.user, in: connection),
                try limits.standing(.user(scope.principal.user), at: now, connection))
        }
    }

    /// The whole installation's.
    public func usage(_ query: UsageQuery, _ scope: Scope<OperationsRead>) async throws -> [UsageSum] { try await sums(query) }

    /// One project's.
    public func usage(_ query: UsageQuery, _ scope: ProjectScope<ProjectManage>) async throws -> [UsageSum] {
        var query = query
        query.project = scope.project
        return try await sums(query)
    }

    /// The caller's own.
    public func usage(_ query: UsageQuery, _ scope: Scope<AccountRead>) async throws -> [UsageSum] {
        var query = query
        query.user = scope.principal.user
        if let project = scope.principal.project { query.project = project }
        return try await sums(query)
    }

    private func sums(_ query: UsageQuery) async throws -> [UsageSum] { try await database.read { try store.sums(query, in: $0) } }
}
