import Synchronization

/// A check at the beginning of the first write of a task.
final class WriteGuard: Sendable {
    @TaskLocal static var current: WriteGuard?

    private let check: @Sendable (Connection) throws -> Void
    private let isPassed = Atomic(false)

    init(_ check: @escaping @Sendable (Connection) throws -> Void) { self.check = check }

    /// The body behind the task's guard, if it has one that no write has passed.
    /// - Parameter isTriedOnce: whether the transaction cannot run again. One that can is checked again then, since the mark is
    ///   set only after its commit.
    static func guarding<T>(
        _ body: @escaping @Sendable (Connection) throws -> T, isTriedOnce: Bool
    ) -> @Sendable (Connection) throws -> T {
        guard let guardian = current, !guardian.isPassed.load(ordering: .acquiring) else { return body }
        return { connection in
            try guardian.check(connection)
            if isTriedOnce { guardian.pass() } else { connection.afterCommit { guardian.pass() } }
            return try body(connection)
        }
    }

    private func pass() { isPassed.store(true, ordering: .releasing) }
}
