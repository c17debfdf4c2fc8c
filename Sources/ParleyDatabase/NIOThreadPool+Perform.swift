import NIOPosix

extension NIOThreadPool {
    /// Runs blocking work on one of the pool's threads. A call once made is carried out even when its task is cancelled: who
    /// cancels must still be able to write down that they did.
    func perform<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            submit { state in
                switch state {
                case .active: continuation.resume(with: Result { try work() })
                case .cancelled: continuation.resume(throwing: DatabaseError(.connection, "the database is closed"))
                }
            }
        }
    }
}
