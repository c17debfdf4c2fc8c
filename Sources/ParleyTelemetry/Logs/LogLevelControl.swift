public import Logging
import Synchronization

/// The level that all loggers of a process obey, changeable at run time.
public final class LogLevelControl: Sendable {
    private static let levels = Logger.Level.allCases
    private let index: Atomic<Int>

    public init(_ level: Logger.Level) { index = Atomic(Self.levels.firstIndex(of: level) ?? 0) }

    public var level: Logger.Level {
        get {
            let index = index.load(ordering: .relaxed)
            return Self.levels.indices.contains(index) ? Self.levels[index] : .info
        }
        set { index.store(Self.levels.firstIndex(of: newValue) ?? 0, ordering: .relaxed) }
    }
}
