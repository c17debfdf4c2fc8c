public import ParleyDatabase

/// How many accounts there are.
public enum UserCountStore {
    public static func people(in connection: Connection) throws -> Int {
        try connection.row("SELECT count(*) AS people FROM users")?["people"] ?? 0
    }
}
