internal import Synchronization
import Testing

@testable internal import ParleyInference

@Suite("Embedding queue")
struct EmbeddingQueueTests {
    private func row(_ tokens: Int) -> [Int32] { Array(repeating: 7, count: tokens) }

    @Test("Questions go before ingestion that came earlier")
    func questionsFirst() {
        var queue = EmbeddingQueue(limit: 10)
        _ = queue.add(1, [row(200), row(200)], priority: .ingestion)
        #expect(queue.next().map(\.request) == [1])
        _ = queue.add(2, [row(20)], priority: .question)
        #expect(queue.next().map(\.request) == [2])
        #expect(queue.next().map(\.request) == [1])
        #expect(queue.next().isEmpty)
    }

    @Test("A batch holds texts of one filled-up length, no more than 128 tokens")
    func batches() {
        var queue = EmbeddingQueue(limit: 100)
        _ = queue.add(1, [row(100), row(3), row(20), row(16), row(17)] + Array(repeating: row(10), count: 9), priority: .ingestion)
        #expect(queue.waiting == 14)
        let lengths = (0..<5).map { _ in queue.next().map(\.row.count) }
        #expect(lengths[0].count == 8 && lengths[0].allSatisfy { $0 <= 16 })
        #expect(lengths[1].sorted() == [10, 10, 16] || lengths[1].count == 3)
        #expect(lengths[2].sorted() == [17, 20])
        #expect(lengths[3] == [100])
        #expect(lengths[4].isEmpty && queue.waiting == 0)
    }

    @Test("Each text keeps its place, and requests take turns")
    func turns() {
        var queue = EmbeddingQueue(limit: 100)
        _ = queue.add(1, [row(120), row(128), row(124)], priority: .ingestion)
        _ = queue.add(2, [row(130)], priority: .ingestion)
        let served = (0..<4).flatMap { _ in queue.next() }
        #expect(served.map(\.request) == [1, 2, 1, 1])
        #expect(served.map(\.index) == [0, 0, 2, 1])
    }

    @Test("Questions of several people go together")
    func sharedBatch() {
        var queue = EmbeddingQueue(limit: 100)
        for id in 1...10 {
            _ = queue.add(UInt64(id), [row(12)], priority: .question)
        }
        #expect(queue.next().map(\.request) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(queue.next().map(\.request).sorted() == [9, 10])
    }

    @Test("Each kind has its own limit, and what is removed no longer waits")
    func limits() {
        var queue = EmbeddingQueue(limit: 2)
        var admitted: [Bool] = []
        admitted.append(queue.add(1, [row(9), row(9), row(9)], priority: .ingestion))
        admitted.append(queue.add(2, [row(9)], priority: .ingestion))
        admitted.append(queue.add(3, [row(9)], priority: .question))
        queue.remove(1)
        #expect(queue.waiting == 1)
        admitted.append(queue.add(4, [row(9)], priority: .ingestion))
        #expect(admitted == [true, false, true, true])
    }

    @Test("As many lanes begin as there are texts, the first ones first, and none that works already")
    func lanes() async throws {
        let held = HeldRequests()
        func begun(_ id: UInt64, texts: Int) async -> EmbeddingRequests.Admission {
            await withCheckedContinuation { admitted in
                Task {
                    try? await withCheckedThrowingContinuation { (vectors: EmbeddingRequests.Continuation) in
                        let rows = [[Int32]](repeating: [1], count: texts)
                        admitted.resume(returning: held.requests.withLock { $0.add(id, rows, .ingestion, vectors) })
                    } as [[Float]]?
                }
            }
        }
        #expect(await begun(1, texts: 1) == .queued(lanes: [0]))
        #expect(await begun(2, texts: 5) == .queued(lanes: [1, 2]))
        #expect(await begun(3, texts: 1) == .queued(lanes: []))
        let all = held.requests.withLock { $0.nextBatch(for: 2) ?? [] }
        #expect(all.count == 7)
        held.requests.withLock { requests in
            #expect(requests.nextBatch(for: 1) == nil && requests.nextBatch(for: 0) == nil)
        }
        #expect(await begun(4, texts: 1) == .queued(lanes: [0]), "the second lane keeps its memory unused")
        for id in 1...4 { held.requests.withLock { $0.remove(UInt64(id)) }?.resume(returning: []) }
    }
}

private final class HeldRequests: Sendable {
    let requests = Mutex(EmbeddingRequests(limit: 100, lanes: 3))
}
