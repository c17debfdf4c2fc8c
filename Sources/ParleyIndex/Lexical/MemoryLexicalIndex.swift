public import ParleyCore
import Synchronization

/// An inverted index in process, fed from the rows: some 3.5 kB for each chunk of 250 words.
/// Segments are immutable; a write puts a new list of them in place, so that a read never waits for one.
public final class MemoryLexicalIndex: LexicalIndex {
    private let snapshot = Mutex(LexicalSnapshot())
    /// Held by the one writer: the number of every document ever seen.
    private let numbers = Mutex<[DocumentID: UInt32]>([:])

    private let language: TextLanguage

    /// - Parameter language: that of the chunks and questions, whose endings are taken off.
    public init(language: TextLanguage = .english) { self.language = language }

    public func upsert(_ chunks: [IndexedChunk]) async throws {
        // A project that is searched for the first time comes in by the thousand.
        try await onWorkerThread(from: chunks.reduce(0) { $0 + $1.text.utf8.count }) { self.insert(chunks) }
    }

    private func insert(_ chunks: [IndexedChunk]) {
        var seen: Set<ChunkID> = []
        let different = Array(chunks.reversed().filter { seen.insert($0.chunk).inserted }.reversed())
        guard !different.isEmpty else { return }
        let documents = number(different.map(\.attributes.document))
        let added = LexicalSegment(different, documents: documents, stemmer: Stemmer(language))
        change { segments in
            Self.kill(added.directory.chunks, in: &segments)
            segments.append(added)
        }
    }

    public func remove(chunks: [ChunkID]) { change { Self.kill(chunks, in: &$0) } }

    public func remove(documents: [DocumentID]) {
        let wanted = Set(documents)
        change { segments in for index in segments.indices { segments[index].kill(documents: wanted) } }
    }

    public func update(documents: [DocumentID: ChunkAttributes]) {
        change { segments in for index in segments.indices { segments[index].update(documents) } }
    }

    public func ask(_ question: String) -> any LexicalAnswers { answers(question) }

    func answers(_ question: String) -> SnapshotAnswers { SnapshotAnswers(LexicalQuestion(question), in: current, language) }

    public func count() -> Int { current.chunkCount }

    private var current: LexicalSnapshot { snapshot.withLock { $0 } }

    private func number(_ documents: [DocumentID]) -> [UInt32] {
        numbers.withLock { numbers in
            documents.map { document in
                let number = numbers[document] ?? UInt32(clamping: numbers.count)
                numbers[document] = number
                return number
            }
        }
    }

    private static func kill(_ chunks: [ChunkID], in segments: inout [LexicalSegment]) {
        for index in segments.indices { for chunk in chunks { segments[index].kill(chunk) } }
    }

    private func change(_ body: (inout [LexicalSegment]) -> Void) {
        numbers.withLock { _ in
            var next = current.segments
            body(&next)
            next.removeAll { $0.directory.liveCount == 0 }
            while let plan = MergePolicy.next(next.map { ($0.directory.liveCount, $0.lengths.count) }) {
                let merged = LexicalSegment(merging: plan.map { next[$0] })
                next = next.indices.filter { !plan.contains($0) }.map { next[$0] } + [merged]
            }
            let changed = LexicalSnapshot(next)
            snapshot.withLock { $0 = changed }
        }
    }
}
