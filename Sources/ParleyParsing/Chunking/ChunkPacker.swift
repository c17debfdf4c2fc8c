/// A chunk before its text is cut out.
struct ChunkDraft {
    var from: Int
    var to: Int
    var path: [String]
    var tokens: Int
    var header: TableHeader?
    /// Where the slice would begin with the section's heading, and that heading's tokens; nil past the section's first chunk.
    var heading: (from: Int, tokens: Int)?
    /// The text of a heading on its own, which waits for what it heads.
    var bareHeading: String?
}

/// Packs pieces into chunks: those of a section up to the target, and small sections with their neighbours.
struct ChunkPacker {
    private let target: Int
    private let context: ChunkContext
    private var drafts: [ChunkDraft] = []

    init(target: Int, context: ChunkContext) { (self.target, self.context) = (target, context) }

    /// A chunk of fewer tokens looks for company.
    private var small: Int { target / 3 }

    mutating func take(_ section: ChunkSection) {
        let added = pack(section)
        for (index, draft) in added.enumerated() {
            if index == 0, let merged = merge(draft) { drafts[drafts.count - 1] = merged } else { drafts.append(draft) }
        }
    }

    private func pack(_ section: ChunkSection) -> [ChunkDraft] {
        guard !section.pieces.isEmpty else { return bare(section) }
        let room = context.room(under: section.path)
        var packed: [ChunkDraft] = []
        for piece in section.pieces {
            if let last = packed.last, piece.header == nil, last.header == nil, fits(last, piece, room) {
                packed[packed.count - 1].to = piece.to
                packed[packed.count - 1].tokens += piece.tokens
            } else {
                packed.append(ChunkDraft(from: piece.from, to: piece.to, path: section.path, tokens: piece.tokens, header: piece.header))
            }
        }
        if let heading = section.heading { packed[0].heading = (heading.from, heading.tokens) }
        return packed
    }

    private func fits(_ draft: ChunkDraft, _ piece: ChunkPiece, _ room: Int) -> Bool {
        let sum = draft.tokens + piece.tokens
        return sum <= min(target, room) || sum <= room && min(draft.tokens, piece.tokens) < small / 2
    }

    private func bare(_ section: ChunkSection) -> [ChunkDraft] {
        guard let heading = section.heading else { return [] }
        let path = Array(section.path.dropLast())
        return [
            ChunkDraft(
                from: heading.from, to: heading.to, path: path, tokens: heading.tokens, heading: (heading.from, 0),
                bareHeading: section.path.last)
        ]
    }

    /// The last draft and this one as one, when one of them is small and they fit together.
    private func merge(_ draft: ChunkDraft) -> ChunkDraft? {
        guard let last = drafts.last, last.header == nil, draft.header == nil, let heading = draft.heading else { return nil }
        guard !isCarried(last, by: draft), last.tokens < small || draft.tokens < small else { return nil }
        let path = Array(zip(last.path, draft.path).prefix { $0 == $1 }.map(\.0))
        // A slice that spans a heading of the last section begins with that section's own heading.
        let keepsOwn = path.count == last.path.count
        guard keepsOwn || last.heading != nil else { return nil }
        let tokens = last.tokens + draft.tokens + heading.tokens + (keepsOwn ? 0 : last.heading?.tokens ?? 0)
        guard tokens <= min(context.room(under: path), max(target, small)) else { return nil }
        var merged = last
        (merged.to, merged.tokens, merged.path) = (draft.to, tokens, path)
        merged.bareHeading = nil
        if !keepsOwn, let own = last.heading { (merged.from, merged.heading) = (own.from, (own.from, 0)) }
        return merged
    }

    /// The drafts, or one for all when everything fits; headings that only head other sections are in those sections' paths.
    mutating func finish() -> [ChunkDraft] {
        if let first = drafts.first, let last = drafts.last, drafts.allSatisfy({ $0.header == nil }) {
            let from = first.heading?.from ?? first.from
            let total = drafts.reduce(0) { $0 + $1.tokens + ($1.heading?.tokens ?? 0) }
            if total <= context.room(under: []) { return [ChunkDraft(from: from, to: last.to, path: [], tokens: total)] }
        }
        return drafts.enumerated().filter { index, draft in !isCarried(draft, by: index + 1 < drafts.count ? drafts[index + 1] : nil) }.map(
            \.1)
    }

    /// A bare heading need not be a chunk when the next chunk's path names it.
    private func isCarried(_ draft: ChunkDraft, by next: ChunkDraft?) -> Bool {
        guard let heading = draft.bareHeading, let next else { return false }
        return next.path.starts(with: draft.path + [heading])
    }
}
