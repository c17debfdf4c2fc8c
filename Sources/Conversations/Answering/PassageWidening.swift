import Library
import ParleyCore
import ParleyDatabase
import ParleyInference
import Retrieval

/// Gives passages the text around them, as far as it belongs to the same section and a prompt has room: what a hit begins to say, the
/// next chunk often ends. The best passage comes first, and what stands behind it before what stands in front of it.
struct PassageWidening: Sendable {
    /// Chunks on each side.
    static let reach = 4

    /// Tokens that may be added to all passages together.
    let tokens: Int
    let counter: any AnswerTokenCounter

    /// The passages with the indices of those that are to be widened, best first.
    func widened(_ passages: [Passage], _ places: [Int], in connection: Connection) throws -> [Passage] {
        var (result, left) = (passages, tokens)
        var taken = Set(passages.map(\.chunk))
        for place in places where left > 0 {
            let passage = passages[place]
            let around = try ChunkStore().chunks(around: passage.chunk, reach: Self.reach, in: connection)
            guard let center = around.firstIndex(where: { $0.id == passage.chunk }) else { continue }
            let range = grow(around, from: center, &taken, &left)
            let (first, last) = (around[range.lowerBound], around[range.upperBound])
            guard range.count > 1,
                let text = try ParsedTextStore().text(of: passage.revision, from: first.from, to: last.to, in: connection)
            else { continue }
            result[place] = passage.widened(
                to: text, from: first.from, to: last.to, firstPage: first.firstPage, lastPage: last.lastPage)
        }
        return result
    }

    /// The chunks to take, the found one among them: forwards, then backwards, up to the section's end, another passage, or the last token.
    private func grow(_ around: [StoredChunk], from center: Int, _ taken: inout Set<ChunkID>, _ left: inout Int) -> ClosedRange<Int> {
        var (low, high) = (center, center)
        func take(_ index: Int) -> Bool {
            guard around.indices.contains(index), around[index].headingPath == around[center].headingPath else { return false }
            let cost = counter.tokenCount(around[index].text)
            guard cost <= left, taken.insert(around[index].id).inserted else { return false }
            left -= cost
            return true
        }
        while take(high + 1) { high += 1 }
        while take(low - 1) { low -= 1 }
        return low...high
    }
}
