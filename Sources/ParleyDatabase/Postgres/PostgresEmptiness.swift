extension Connection {
    /// Whether the database that this connection is to has no tables yet; always false on SQLite.
    public func hasNoTables() throws -> Bool {
        guard dialect == .postgres else { return false }
        let row = try row(
            """
            SELECT count(*) AS tables FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = pg_class.relnamespace
            WHERE pg_class.relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%'
            """)
        return try row?["tables"] == 0
    }
}
