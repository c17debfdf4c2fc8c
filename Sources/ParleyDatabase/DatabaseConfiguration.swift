extension Database {
    /// Where the database is, and its limits.
    public struct Configuration: Sendable {
        /// `sqlite:PATH`, `sqlite::memory:` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.
        public var url: String
        /// Connections that read (SQLite, beside the one that writes), or all connections (PostgreSQL).
        public var connections: Int
        /// How long a caller waits for a connection before it fails with `database.busy`.
        public var waitLimit: Duration
        /// How long a statement may run on PostgreSQL.
        public var statementLimit: Duration

        public init(url: String, connections: Int = 4, waitLimit: Duration = .seconds(10), statementLimit: Duration = .seconds(30)) {
            (self.url, self.connections) = (url, max(connections, 1))
            (self.waitLimit, self.statementLimit) = (waitLimit, statementLimit)
        }
    }

    /// How busy the connections are.
    public struct Load: Sendable, Hashable {
        /// Connections that read and write at most.
        public let connections: Int
        public let inUse: Int
        /// Callers that wait for a connection.
        public let waiting: Int
    }
}
