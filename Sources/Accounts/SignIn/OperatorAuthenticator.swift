@_spi(Authority) public import ParleyAuthority
public import ParleyDatabase

/// Whoever holds the data folder acts as the installation's first active administrator: commands that run on it, and the server where it
/// fills the sample project. That the folder is held is the proof.
public struct OperatorAuthenticator: Sendable {
    private let database: Database

    /// For the composition of the product, which holds the folder.
    @_spi(Authority)
    public init(database: Database) { self.database = database }

    /// What needs no account.
    public var scope: OperatorScope { OperatorScope() }

    /// The administrator; nil while there is none.
    public func administrator() async throws -> Principal? {
        try await database.read { connection in
            try connection.row("SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id LIMIT 1")
                .map { Principal(user: try $0["id"], role: .admin) }
        }
    }
}
