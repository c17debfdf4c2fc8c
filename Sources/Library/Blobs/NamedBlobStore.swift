public import ParleyDatabase

/// Which files the rows name.
public enum NamedBlobStore {
    /// Calls the body with the hash of each file that a revision names, every one once, in ascending order.
    /// - Throws: `DatabaseError`, or what the body throws.
    public static func forEach(in connection: Connection, _ body: (String) throws -> Void) throws {
        let order: SQL = connection.dialect == .sqlite ? "content_hash" : "content_hash COLLATE \"C\""
        try connection.forEach("SELECT DISTINCT content_hash, \(fragment: order) AS place FROM revisions ORDER BY place") {
            try body($0["content_hash"])
        }
    }

    /// How many documents there are, those in the bin left out.
    public static func documents(in connection: Connection) throws -> Int {
        try connection.row("SELECT count(*) AS documents FROM documents WHERE deleted_at IS NULL")?["documents"] ?? 0
    }
}
