import ParleyAuthority
import ParleyCore
import ParleyDatabase

/// The rows of API keys.
struct KeyStore: Sendable {
    private static let columns: SQL = """
        api_keys.id AS key_id, api_keys.user_id, api_keys.project_id, api_keys.name AS key_name, api_keys.hint,
        api_keys.created_at AS made_at, api_keys.expires_at, api_keys.used_at
        """

    func insert(_ key: APIKey, secretHash: String, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO api_keys (id, user_id, project_id, name, secret_hash, hint, created_at, expires_at)
            VALUES (\(key.id), \(key.user), \(key.project), \(key.name), \(secretHash), \(key.hint), \(key.createdAt), \(key.expiresAt))
            """)
    }

    static let list = ListSource(
        [
            .column("id", .id, "api_keys.id", isSortable: true), .column("name", .text, "api_keys.name", isSortable: true),
            .nullable("project_id", .id, "api_keys.project_id"),
            .column("created_at", .time, "api_keys.created_at", isSortable: true),
            .nullable("expires_at", .time, "api_keys.expires_at"), .nullable("used_at", .time, "api_keys.used_at"),
        ], key: "id")

    /// A person's keys.
    func keys(_ query: ListQuery, of user: UserID, in connection: Connection) throws -> ListSlice<APIKey> {
        try Self.list.slice(
            query, select: Self.columns, from: "api_keys", where: "api_keys.user_id = \(user)",
            version: "api_keys.id || ' ' || coalesce(CAST(api_keys.used_at AS TEXT), '')", in: connection
        ) { try $0.map(APIKey.init) }
    }

    func key(_ id: KeyID, of user: UserID, in connection: Connection) throws -> APIKey? {
        try connection.row("SELECT \(fragment: Self.columns) FROM api_keys WHERE id = \(id) AND user_id = \(user)").map(APIKey.init)
    }

    static func version(of key: KeyID) -> RowVersion {
        RowVersion("SELECT name AS v0, used_at AS v1, expires_at AS v2 FROM api_keys WHERE id = \(key)", lock: "api_keys")
    }

    func count(of user: UserID, in connection: Connection) throws -> Int {
        let row = try connection.row("SELECT count(*) AS n FROM api_keys WHERE user_id = \(user)")
        return try row?["n"] ?? 0
    }

    /// Whether there was such a key.
    func delete(_ id: KeyID, of user: UserID, in connection: Connection) throws -> Bool {
        try connection.execute("DELETE FROM api_keys WHERE id = \(id) AND user_id = \(user)") == 1
    }

    /// The keys that there were.
    func deleteAll(of user: UserID, in connection: Connection) throws -> [KeyID] {
        try connection.rows("DELETE FROM api_keys WHERE user_id = \(user) RETURNING id").map { try $0["id"] }
    }

    /// A working key and the active person it speaks for.
    func key(secretHash: String, at now: Timestamp, in connection: Connection) throws -> (key: APIKey, role: Role)? {
        try connection.row(
            """
            SELECT \(fragment: Self.columns), users.role AS role FROM api_keys JOIN users ON users.id = api_keys.user_id
            WHERE api_keys.secret_hash = \(secretHash) AND users.disabled_at IS NULL
                AND (api_keys.expires_at IS NULL OR api_keys.expires_at > \(now))
            """
        ).map { (try APIKey($0), try $0["role"]) }
    }

    func setUsed(_ id: KeyID, at now: Timestamp, in connection: Connection) throws {
        try connection.execute("UPDATE api_keys SET used_at = \(now) WHERE id = \(id)")
    }
}

extension APIKey {
    init(_ row: Row) throws {
        id = try row["key_id"]
        user = try row["user_id"]
        project = try row["project_id"]
        name = try row["key_name"]
        hint = try row["hint"]
        createdAt = try row["made_at"]
        expiresAt = try row["expires_at"]
        usedAt = try row["used_at"]
    }
}
