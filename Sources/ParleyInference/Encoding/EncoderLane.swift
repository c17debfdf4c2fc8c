internal import Dispatch
internal import Foundation
import ParleyCore
internal import Synchronization

/// A thread that runs one inference at a time, with an encoder of its own. It gives way to every other thread of the process, and
/// so do the threads that OpenVINO starts from it, so that requests do not wait for a core while documents are embedded.
final class EncoderLane<Encoder>: Sendable {
    let number: Int
    /// Made when the lane is first used: each keeps memory for itself.
    let encoder = Mutex<Encoder?>(nil)
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
            GivingWay.begin()
            calls.run()
        }
        thread.name = "encoder-\(number)"
        thread.start()
    }

    deinit { calls.signal.signal() }

    /// Runs this on the lane's thread, after what was asked of it before.
    func run(_ call: @escaping @Sendable () -> Void) {
        calls.waiting.withLock { $0.append(call) }
        calls.signal.signal()
    }
}
