import Logging
public import ParleyCore

extension ErrorCode {
    public static let databaseBusy = Self("database.busy", .unavailable, "The database is busy")
    public static let databaseFull = Self("database.full", .insufficientStorage, "The database's disk is full")
    public static let databaseUnreachable = Self("database.unreachable", .unavailable, "The database cannot be reached")
    public static let schemaChanged = Self("database.schema_changed", .unavailable, "The database's schema does not fit this version")
}

extension DatabaseError {
    /// The error as it may be told, where no caller can do anything about it.
    private var told: ParleyError? {
        switch code {
        case .busy, .serializationFailure:
            ParleyError(
                .databaseBusy, "The database has too much to do right now. Try again in a moment.", retryAfter: .seconds(1), cause: self)
        case .full:
            ParleyError(.databaseFull, "The disk of the database is full. Its operator must make room; nothing was changed.", cause: self)
        case .connection:
            ParleyError(
                .databaseUnreachable, "The database cannot be reached. Try again in a moment; its operator finds the reason in the log.",
                retryAfter: .seconds(5), cause: self)
        default: nil
        }
    }

    fileprivate func logged(_ logger: Logger) -> any Error {
        guard let told else { return self }
        logger.warning("database failed", metadata: ["error": "\(self)"])
        return told
    }
}

/// Runs the body and turns what no caller can mend into `ParleyError`.
func told<T>(_ logger: Logger, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as DatabaseError { throw error.logged(logger) }
}

/// Runs the body and turns what no caller can mend into `ParleyError`.
func told<T>(_ logger: Logger, _ body: () async throws -> T) async throws -> T {
    do { return try await body() } catch let error as DatabaseError { throw error.logged(logger) }
}
