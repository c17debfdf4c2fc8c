internal import Synchronization
import Testing

@testable internal import ParleyInference

@Suite("Embedding queue")
struct EncoderQueueTests {
    private func row(_ tokens: Int) -> [Int32] { Array(repeating: 7, count: tokens) }

    @Test("Questions go before ingestion that came earlier")
    func questionsFirst() {
        var queue = EncoderQueue(limit: 10)
        _ = queue.add(1, [row(200), row(200)], priority: .ingestion)
        #expect(queue.next().map(\.request) == [1])
        _ = queue.add(2, [row(20)], priority: .question)
        #expect(queue.next().map(\.request) == [2])
        #expect(queue.next().map(\.request) == [1])
        #expect(queue.next().isEmpty)
    }

    @Test("A batch holds texts of one filled-up length, no more than 128 tokens")
    func batches() {
        var queue = EncoderQueue(limit: 100)
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
        var queue = EncoderQueue(limit: 100)
        _ = queue.add(1, [row(120), row(128), row(124)], priority: .ingestion)
        _ = queue.add(2, [row(130)], priority: .ingestion)
        let served = (0..<4).flatMap { _ in queue.next() }
        #expect(served.map(\.request) == [1, 2, 1, 1])
        #expect(served.map(\.index) == [0, 0, 2, 1])
    }

    @Test("Questions of several people go together")
    func sharedBatch() {
        var queue = EncoderQueue(limit: 100)
        for id in 1...10 {
            _ = queue.add(UInt64(id), [row(12)], priority: .question)
        }
        #expect(queue.next().map(\.request) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(queue.next().map(\.request).sorted() == [9, 10])
    }

    @Test("Each kind has its own limit, and what is removed no longer waits")
    func limits() {
        var queue = EncoderQueue(limit: 2)
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
        #expect(await held.begin(1, texts: 1) == .queued(lanes: [0]))
        #expect(await held.begin(2, texts: 5) == .queued(lanes: [1, 2]))
        #expect(await held.begin(3, texts: 1) == .queued(lanes: []))
        #expect(held.next(2)?.batch.count == 7)
        #expect(held.next(1) == nil && held.next(0) == nil)
        #expect(await held.begin(4, texts: 1) == .queued(lanes: [0]), "the second lane keeps its memory unused")
        held.end(1...4)
    }

    @Test("After a question one lane takes no documents for a while")
    func reserve() async throws {
        let held = HeldRequests()
        let start = ContinuousClock.now
        #expect(await held.begin(1, texts: 40, tokens: 200, at: start) == .queued(lanes: [0, 1, 2]))
        for lane in 0...2 { #expect(held.next(lane, at: start)?.batch.count == 1) }
        #expect(await held.begin(2, texts: 1, .question, at: start) == .queued(lanes: []), "all of them work")
        #expect(held.next(1, at: start)?.batch.map(\.request) == [2], "the first to be done takes the question")
        #expect(held.next(1, at: start) == nil, "and then no document")
        #expect(held.next(0, at: start)?.batch.map(\.request) == [1], "the others go on with documents")
        #expect(await held.begin(3, texts: 1, tokens: 200, at: start) == .queued(lanes: []), "new documents do not start it")
        #expect(await held.begin(4, texts: 1, .question, at: start) == .queued(lanes: [1]), "the next question does, at once")
        #expect(held.next(1, at: start)?.batch.map(\.request) == [4])
        #expect(held.next(1, at: start) == nil)
        let later = try #require(held.next(2, at: start + EncoderRequests.reserve))
        #expect(later.started == [1] && later.batch.map(\.request) == [1], "when no more questions come, it is started again")
        held.end(1...4)
    }

    @Test("A single lane is not kept from documents")
    func singleLane() async throws {
        let held = HeldRequests(lanes: 1)
        #expect(await held.begin(1, texts: 2, tokens: 200) == .queued(lanes: [0]))
        #expect(await held.begin(2, texts: 1, .question) == .queued(lanes: []))
        #expect(held.next(0)?.batch.map(\.request) == [2])
        #expect(held.next(0)?.batch.map(\.request) == [1])
        held.end(1...2)
    }
}

/// Requests whose callers wait until they are told to stop.
private final class HeldRequests: Sendable {
    private let requests: Mutex<EncoderRequests>

    init(lanes: Int = 3) { requests = Mutex(EncoderRequests(limit: 100, lanes: lanes)) }

    func begin(
        _ id: UInt64, texts: Int, tokens: Int = 1, _ priority: InferencePriority = .ingestion, at now: ContinuousClock.Instant = .now
    ) async -> EncoderRequests.Admission {
        await withCheckedContinuation { admitted in
            Task {
                try? await withCheckedThrowingContinuation { (vectors: EncoderRequests.Continuation) in
                    let rows = Array(repeating: [Int32](repeating: 1, count: tokens), count: texts)
                    admitted.resume(returning: requests.withLock { $0.add(id, rows, priority, vectors, at: now) })
                } as [[Float]]?
            }
        }
    }

    func next(_ lane: Int, at now: ContinuousClock.Instant = .now) -> (batch: [EncoderQueue.Item], started: [Int])? {
        requests.withLock { $0.nextBatch(for: lane, at: now) }
    }

    func end(_ ids: ClosedRange<Int>) {
        for id in ids { requests.withLock { $0.remove(UInt64(id)) }?.resume(returning: []) }
    }
}
