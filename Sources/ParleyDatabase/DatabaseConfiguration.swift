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
        /// How long a unit's transaction may be open before it is undone: shorter than others wait for a connection.
        public var unitLimit: Duration

        public init(
            url: String, connections: Int = 4, waitLimit: Duration = .seconds(10), statementLimit: Duration = .seconds(30),
            unitLimit: Duration = .seconds(8)
        ) {
            (self.url, self.connections) = (url, max(connections, 1))
            (self.waitLimit, self.statementLimit, self.unitLimit) = (waitLimit, statementLimit, unitLimit)
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
