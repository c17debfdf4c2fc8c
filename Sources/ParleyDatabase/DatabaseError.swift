/// What a statement failed of. The statement's text is for the log; bound values are never in it.
public struct DatabaseError: Error, Sendable {
    public enum Code: Sendable, Hashable {
        case uniqueViolation, foreignKeyViolation, checkViolation, notNullViolation
        /// Two transactions could not be put in an order; the same work may succeed the next time.
        case serializationFailure
        /// Another process or connection held a lock, or all connections were in use, for too long.
        case busy
        /// The disk is full.
        case full
        /// The server cannot be reached, or the connection broke.
        case connection
        /// A read took longer than it may on its caller's thread; it is begun anew on another.
        case interrupted
        case other
    }

    public let code: Code
    /// In the engine's words; names constraints and columns.
    public let message: String
    /// The violated constraint as the engine names it: columns in SQLite (`users.email`), the constraint in PostgreSQL
    /// (`users_email_key`).
    public let constraint: String?
    /// The statement, for the log.
    public let statement: String?

    public init(_ code: Code, _ message: String, constraint: String? = nil, statement: String? = nil) {
        (self.code, self.message, self.constraint, self.statement) = (code, message, constraint, statement)
    }

    public var isUniqueViolation: Bool { code == .uniqueViolation }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String { "\(code): \(message)" + (statement.map { " in: \($0)" } ?? "") }
}
