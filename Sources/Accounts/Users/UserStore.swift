public import ParleyAuthority
import ParleyCore
public import ParleyDatabase

extension Role: SQLValueConvertible {}
extension ProjectRole: SQLValueConvertible {}

extension User {
    static let columns: SQL = "users.id, users.email, users.name, users.role, users.created_at, users.updated_at, users.disabled_at"

    init(_ row: Row) throws {
        id = try row["id"]
        email = try row["email"]
        name = try row["name"]
        role = try row["role"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        disabledAt = try row["disabled_at"]
    }
}

/// The rows of people.
struct UserStore: Sendable {
    func insert(_ user: User, passwordHash: String, in connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO users (id, email, name, role, password_hash, created_at, updated_at)
            VALUES (\(user.id), \(user.email), \(user.name), \(user.role), \(passwordHash), \(user.createdAt), \(user.updatedAt))
            """)
    }

    func update(_ user: User, passwordHash: String?, in connection: Connection) throws {
        try connection.execute(
            """
            UPDATE users SET name = \(user.name), role = \(user.role), updated_at = \(user.updatedAt), disabled_at = \(user.disabledAt),
                password_hash = COALESCE(\(passwordHash), password_hash), version = version + 1
            WHERE id = \(user.id)
            """)
    }

    func user(_ id: UserID, in connection: Connection) throws -> User? {
        try connection.row("SELECT \(fragment: User.columns) FROM users WHERE id = \(id)").map(User.init)
    }

    /// The account and its password hash, for sign-in alone.
    func credentials(email: String, in connection: Connection) throws -> (user: User, passwordHash: String)? {
        try connection.row("SELECT \(fragment: User.columns), password_hash FROM users WHERE email = \(email)").map {
            (try User($0), try $0["password_hash"])
        }
    }

    func passwordHash(of user: UserID, in connection: Connection) throws -> String? {
        try connection.row("SELECT password_hash FROM users WHERE id = \(user)").map { try $0["password_hash"] }
    }

    /// Whether the active account still has this hash, which it then keeps until the transaction ends.
    func hold(_ user: UserID, passwordHash: String, in connection: Connection) throws -> Bool {
        try connection.row(
            """
            SELECT id FROM users
            WHERE id = \(user) AND password_hash = \(passwordHash) AND disabled_at IS NULL\(fragment: connection.dialect.forUpdate)
            """) != nil
    }

    /// Puts another hash in place of this one; false when the account has neither any more.
    func replacePassword(of user: UserID, _ old: String, with new: String, at now: Timestamp, in connection: Connection) throws -> Bool {
        try connection.execute(
            """
            UPDATE users SET password_hash = \(new), updated_at = \(now), version = version + 1
            WHERE id = \(user) AND password_hash = \(old) AND disabled_at IS NULL
            """) == 1
    }

    /// Puts another hash of the same password in place of this one.
    func rehash(_ user: UserID, _ old: String, with new: String, in connection: Connection) throws {
        try connection.execute("UPDATE users SET password_hash = \(new) WHERE id = \(user) AND password_hash = \(old)")
    }

    static let list = ListSource(
        [
            .column("id", .id, "users.id", isSortable: true), .column("email", .text, "users.email", isSortable: true),
            .column("name", .text, "users.name", isSortable: true),
            .column("role", .choice(Role.allCases.map(\.rawValue)), "users.role"),
            .column("disabled", .bool, "(users.disabled_at IS NOT NULL)"),
            .column("created_at", .time, "users.created_at", isSortable: true),
            .column("updated_at", .time, "users.updated_at", isSortable: true),
        ], key: "id")

    func users(_ query: ListQuery, in connection: Connection) throws -> ListSlice<User> {
        try Self.list.slice(
            query, select: User.columns, from: "users", where: "1 = 1", version: "users.id || ' ' || users.version", in: connection
        ) { try $0.map(User.init) }
    }

    static func version(of user: UserID) -> RowVersion {
        RowVersion("SELECT version AS v0 FROM users WHERE id = \(user)", lock: "users")
    }

    func isEmpty(in connection: Connection) throws -> Bool {
        try connection.row("SELECT id FROM users LIMIT 1") == nil
    }

    /// The active administrators, who stay as they are until the transaction's end unless it changes them itself.
    func lockActiveAdmins(in connection: Connection) throws -> Set<UserID> {
        let rows = try connection.rows(
            "SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id\(fragment: connection.dialect.forUpdate)")
        return Set(try rows.map { try $0["id"] })
    }
}
