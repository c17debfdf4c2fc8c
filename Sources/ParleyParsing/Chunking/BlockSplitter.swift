/// Splits one block into pieces that fit. The pieces cover the block but for white space between them.
struct BlockSplitter {
    private let countTokens: @Sendable (String) -> Int

    init(countTokens: @escaping @Sendable (String) -> Int) { self.countTokens = countTokens }

    func count(_ text: String) -> Int { countTokens(text) }

    /// - Parameters:
    ///   - room: the most tokens a piece may have.
    ///   - target: the size that pieces of a split block come near, all about alike.
    func pieces(of block: ParsedDocument.Block, _ text: String, room: Int, target: Int) -> [ChunkPiece] {
        let tokens = countTokens(text)
        guard tokens > room else { return [ChunkPiece(from: block.from, to: block.to, tokens: tokens)] }
        switch block.kind {
        case .table(let hasHeader): return tablePieces(block, text, hasHeader, room, target)
        case .code:
            let parts = TextParts.split(text, at: .blankLines).flatMap { fitted($0, room, [.lines, .words]) }
            return packed(parts, block.from, tokens, room, target)
        default:
            let parts = TextParts.split(text, at: .sentences).flatMap { fitted($0, room, [.lines, .words]) }
            return packed(parts, block.from, tokens, room, target)
        }
    }

    /// Scalars of a header row that is repeated in each part of its table.
    private static let longestHeader = 1000

    private func tablePieces(
        _ block: ParsedDocument.Block, _ text: String, _ hasHeader: Bool, _ room: Int, _ target: Int
    ) -> [ChunkPiece] {
        let header = hasHeader ? text.split(separator: "\n", maxSplits: 1).first.map { String($0) } : nil
        let cost = header.map(countTokens) ?? 0
        let repeats = cost > 0 && cost * 3 <= room && (header?.unicodeScalars.count ?? 0) <= Self.longestHeader
        let limit = room - (repeats ? cost : 0)
        let parts = TextParts.split(text, at: .lines).flatMap { fitted($0, limit, [.words]) }
        var pieces = packed(parts, block.from, countTokens(text), limit, min(target, limit))
        if repeats { for index in pieces.indices.dropFirst() { pieces[index].header = header } }
        return pieces
    }

    private struct Sized {
        let part: TextPart
        let tokens: Int
    }

    /// The part, or its parts by ever finer borders until each fits.
    private func fitted(_ part: TextPart, _ room: Int, _ borders: ArraySlice<TextParts.Border>) -> [Sized] {
        let tokens = countTokens(part.text)
        if tokens <= room { return [Sized(part: part, tokens: tokens)] }
        guard let border = borders.first else { return cut(part, room) }
        let finer = TextParts.split(part.text, at: border).map { $0.moved(by: part.from) }
        return finer.flatMap { fitted($0, room, borders.dropFirst()) }
    }

    private func fitted(_ part: TextPart, _ room: Int, _ borders: [TextParts.Border]) -> [Sized] { fitted(part, room, borders[...]) }

    /// A word longer than a chunk: pieces of as many scalars as there is room, halved where that is too much still.
    private func cut(_ part: TextPart, _ room: Int) -> [Sized] {
        let scalars = Array(part.text.unicodeScalars)
        var waiting = stride(from: 0, to: scalars.count, by: max(room, 1)).reversed().map { $0..<min($0 + max(room, 1), scalars.count) }
        var pieces: [Sized] = []
        while let range = waiting.popLast() {
            let text = String(String.UnicodeScalarView(scalars[range]))
            let tokens = countTokens(text)
            if tokens > room && range.count > 1 {
                let middle = range.lowerBound + range.count / 2
                waiting += [middle..<range.upperBound, range.lowerBound..<middle]
            } else {
                pieces.append(
                    Sized(part: TextPart(text: text, from: part.from + range.lowerBound, to: part.from + range.upperBound), tokens: tokens))
            }
        }
        return pieces
    }

    /// Neighbouring parts together, in pieces of about the same size.
    private func packed(_ parts: [Sized], _ start: Int, _ total: Int, _ room: Int, _ target: Int) -> [ChunkPiece] {
        let wanted = max(min(target, room), 1)
        let goal = total / max((total + wanted - 1) / wanted, 1)
        var pieces: [ChunkPiece] = []
        for sized in parts {
            let (part, tokens) = (sized.part, sized.tokens)
            if let last = pieces.last, last.tokens + tokens <= room, last.tokens + tokens / 2 <= goal {
                pieces[pieces.count - 1] = ChunkPiece(from: last.from, to: start + part.to, tokens: last.tokens + tokens)
            } else {
                pieces.append(ChunkPiece(from: start + part.from, to: start + part.to, tokens: tokens))
            }
        }
        return pieces
    }
}
