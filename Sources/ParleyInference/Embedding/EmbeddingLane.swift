internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread that runs one inference at a time, with an encoder of its own. It gives way to every other thread of the process, and
/// so do the threads that OpenVINO starts from it, so that requests do not wait for a core while documents are embedded.
final class EmbeddingLane: Sendable {
    /// What the threads' nice value grows by: they then get a tenth of a core that something else wants.
    private static let niceness: Int32 = 10

    let number: Int
    /// Made when the lane is first used: each keeps memory for itself.
    let encoder = Mutex<SentenceEncoder?>(nil)
    private let calls = Calls()

    /// What the thread and its owner share: the thread ends when the owner is gone.
    private final class Calls: Sendable {
        let waiting = Mutex<[@Sendable () -> Void]>([])
        let signal = DispatchSemaphore(value: 0)

        func run() {
            while true {
                signal.wait()
                guard let call = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
                call()
            }
        }
    }

    init(_ number: Int) {
        self.number = number
        let thread = Thread { [calls] in
            // On Linux the nice value belongs to the calling thread; where it cannot be changed it stays.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            calls.run()
        }
        thread.name = "embedding-\(number)"
        thread.start()
    }

    deinit { calls.signal.signal() }

    /// Runs this on the lane's thread, after what was asked of it before.
    func run(_ call: @escaping @Sendable () -> Void) {
        calls.waiting.withLock { $0.append(call) }
        calls.signal.signal()
    }
}
