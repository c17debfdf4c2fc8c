@_spi(Authority) public import ParleyAuthority
public import ParleyCore
public import ParleyDatabase

/// Looks up who stands behind the references that jobs keep.
public struct PrincipalDirectory: PrincipalSource {
    private let database: Database
    private let clock: any WallClock

    public init(database: Database, clock: any WallClock) { (self.database, self.clock) = (database, clock) }

    public func principal(_ reference: PrincipalReference) async throws -> Principal? {
        let now = clock.now()
        return try await database.read { connection in
            let role = try connection.row("SELECT role FROM users WHERE id = \(reference.user) AND disabled_at IS NULL")
            guard let role: Role = try role?["role"] else { return nil }
            guard let key = reference.key else { return Principal(user: reference.user, role: role) }
            let bound = try connection.row(
                """
                SELECT project_id FROM api_keys
                WHERE id = \(key) AND user_id = \(reference.user) AND (expires_at IS NULL OR expires_at > \(now))
                """)
            guard let bound else { return nil }
            return Principal(user: reference.user, role: role, key: key, project: try bound["project_id"])
        }
    }
}
