import Synchronization

/// Slow results that were made before a transaction began, for the work within it to take instead of making them there. While a
/// transaction is open nobody else may wait for such work.
public final class Preparation: Sendable {
    /// What was prepared for the present task.
    @TaskLocal public static var current: Preparation?

    private let made = Mutex<[String: [String]]>([:])

    public init() {}

    /// - Parameter name: what the result was made of; several may be made of the same.
    public func put(_ result: String, for name: String) { made.withLock { $0[name, default: []].append(result) } }

    /// A result that nobody took before; nil when there is none.
    public func take(_ name: String) -> String? { made.withLock { $0[name]?.popLast() } }
}
