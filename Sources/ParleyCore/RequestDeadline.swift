/// By when the work at hand must be over: an HTTP request's, or a job's with a limit. Calls to other services never wait longer.
public enum RequestDeadline {
    /// Nil where nothing sets a limit.
    @TaskLocal public static var current: ContinuousClock.Instant?

    /// Runs work that must be over within this time, or sooner where a deadline is already set.
    public static func within<T>(
        _ limit: Duration, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> T
    ) async rethrows -> T {
        let own = ContinuousClock.now + limit
        return try await $current.withValue(min(own, current ?? own), operation: body, isolation: isolation)
    }
}
