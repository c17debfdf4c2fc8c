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

    /// Scalars of a header row that goes with each part of its table.
    private static let longestHeader = 1000

    private func tablePieces(
        _ block: ParsedDocument.Block, _ text: String, _ hasHeader: Bool, _ room: Int, _ target: Int
    ) -> [ChunkPiece] {
        let row =
            hasHeader ? text.split(separator: "\n", maxSplits: 1).first.map { String($0.unicodeScalars.prefix(Self.longestHeader)) } : nil
        let cost = row.map(countTokens) ?? 0
        let header = row.map { TableHeader(text: $0, isEmbedded: cost * 3 <= room) }
        let limit = room - (header?.isEmbedded == true ? cost : 0)
        let parts = TextParts.split(text, at: .lines).flatMap { fitted($0, limit, [.words]) }
        var pieces = packed(parts, block.from, countTokens(text), limit, min(target, limit))
        for index in pieces.indices.dropFirst() { pieces[index].header = header }
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

    /// A word longer than a chunk: pieces of as many scalars as there is room, halved where that is too much still. Letters keep their marks.
    private func cut(_ part: TextPart, _ room: Int) -> [Sized] {
        let scalars = Array(part.text.unicodeScalars)
        let step = max(room, 1)
        var waiting: [Range<Int>] = []
        var start = 0
        while start < scalars.count {
            let end = Self.border(scalars, near: min(start + step, scalars.count), after: start)
            waiting.append(start..<end)
            start = end
        }
        waiting.reverse()
        var pieces: [Sized] = []
        while let range = waiting.popLast() {
            let text = String(String.UnicodeScalarView(scalars[range]))
            let tokens = countTokens(text)
            let middle = Self.border(scalars, near: range.lowerBound + range.count / 2, after: range.lowerBound)
            if tokens > room && middle < range.upperBound {
                waiting += [middle..<range.upperBound, range.lowerBound..<middle]
            } else {
                pieces.append(
                    Sized(part: TextPart(text: text, from: part.from + range.lowerBound, to: part.from + range.upperBound), tokens: tokens))
            }
        }
        return pieces
    }

    /// Marks that are looked through for a letter's end; a letter has no more (`streamSafe`).
    private static let mostMarks = 40

    /// The first place from here on, behind another, where no mark follows a letter.
    private static func border(_ scalars: [Unicode.Scalar], near place: Int, after start: Int) -> Int {
        let place = max(place, start + 1)
        let end = min(place + mostMarks, scalars.count)
        return scalars[place..<max(place, end)].firstIndex { !isMark($0) } ?? max(place, end)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: scalar.value == 0x200D
        }
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
