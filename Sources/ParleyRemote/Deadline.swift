/// Runs work that heeds cancellation, and gives it up at its deadline.
enum Deadline {
    struct Exceeded: Error {}

    /// - Throws: `Exceeded`, or what the work throws.
    static func run<T: Sendable>(within limit: Duration, _ work: @escaping @Sendable () async throws -> T) async throws -> T {
        guard limit > .zero else { throw Exceeded() }
        return try await withThrowingTaskGroup(of: T.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: work)
            group.addTask {
                try await Task.sleep(for: limit)
                throw Exceeded()
            }
            guard let first = try await group.next() else { throw Exceeded() }
            return first
        }
    }
}
