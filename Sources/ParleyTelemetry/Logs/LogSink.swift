import Foundation
import Synchronization

/// Where finished log lines go.
public protocol LogSink: Sendable {
    /// One whole line that ends with a line feed.
    func write(_ line: String)
    /// True when a person watches, so that readable text in colour is fit.
    var isTerminal: Bool { get }
}

/// Standard error, one system call for each line so that lines of several threads never mix.
public struct StandardErrorSink: LogSink {
    public init() {}

    public func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let written = Foundation.write(STDERR_FILENO, start, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))  // fits: above 0
            }
        }
    }

    public var isTerminal: Bool { isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }
}

/// Keeps the lines, for tests.
public final class MemorySink: LogSink {
    private let kept = Mutex<[String]>([])
    public let isTerminal = false

    public init() {}
    public func write(_ line: String) { kept.withLock { $0.append(line) } }
    public var lines: [String] { kept.withLock { $0 } }
}

struct NoSink: LogSink {
    let isTerminal = false
    func write(_ line: String) {}
}
