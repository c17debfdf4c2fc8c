import Synchronization
import Testing

@testable import ParleyRemote

@Suite struct BulkheadTests {
    @Test func neverMoreThanTheLimit() async throws {
        let bulkhead = Bulkhead(limit: 3)
        let inside = Inside()
        try await withThrowingTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    try await bulkhead.enter(within: .seconds(30))
                    inside.come()
                    await Task.yield()
                    inside.go()
                    bulkhead.leave()
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most <= 3)
        for _ in 0..<3 { try await bulkhead.enter(within: .milliseconds(1)) }
        await #expect(throws: Deadline.Exceeded.self) { try await bulkhead.enter(within: .milliseconds(1)) }
    }

    @Test func cancelledWaitersLeaveTheLine() async throws {
        let bulkhead = Bulkhead(limit: 1)
        try await bulkhead.enter(within: .seconds(1))
        let waiters = (0..<20).map { _ in Task { try await bulkhead.enter(within: .seconds(30)) } }
        for waiter in waiters { waiter.cancel() }
        for waiter in waiters { await #expect(throws: CancellationError.self) { try await waiter.value } }
        bulkhead.leave()
        try await bulkhead.enter(within: .milliseconds(1))
    }
}

private final class Inside: Sendable {
    private let count = Mutex((now: 0, most: 0))
    var most: Int { count.withLock { $0.most } }
    func come() { count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func go() { count.withLock { $0.now -= 1 } }
}
