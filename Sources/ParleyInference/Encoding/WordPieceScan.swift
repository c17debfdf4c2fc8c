/// One pass over a text: collects words and cuts each greedily into the longest pieces of the vocabulary.
struct WordPieceScan {
    private(set) var ids: [Int32] = []
    private(set) var ranges: [Range<Int>] = []
    /// What the words that the vocabulary does not know would be in pieces, beyond the one token that each is.
    private(set) var unseen = 0

    private let tokenizer: WordPieceTokenizer
    private let limit: Int
    private let wantsRanges: Bool
    private var word: [UInt8] = []
    private var wordScalars = 0
    /// The scalar of the text that each byte of the word came from; kept only for ranges.
    private var sources: [Int] = []
    private var hashes: [UInt64] = []

    /// - Parameter limit: stop after so many tokens.
    init(_ tokenizer: WordPieceTokenizer, limit: Int, wantsRanges: Bool) {
        (self.tokenizer, self.limit, self.wantsRanges) = (tokenizer, limit, wantsRanges)
    }

    mutating func run(_ text: String) {
        var index = 0
        for scalar in text.unicodeScalars {
            if ids.count >= limit { break }
            tokenizer.normalizer.forEachPart(of: scalar) { part in
                switch part {
                case .space: closeWord()
                case .letter(let scalar): append(scalar, from: index)
                case .alone(let scalar):
                    closeWord()
                    append(scalar, from: index)
                    closeWord()
                }
            }
            index += 1
        }
        closeWord()
        if ids.count > limit { ids.removeLast(ids.count - limit) }
        if ranges.count > limit { ranges.removeLast(ranges.count - limit) }
    }

    private mutating func append(_ scalar: Unicode.Scalar, from source: Int) {
        if scalar.isASCII { word.append(UInt8(truncatingIfNeeded: scalar.value)) } else { word.append(contentsOf: scalar.utf8) }
        wordScalars += 1
        if wantsRanges {
            while sources.count < word.count { sources.append(source) }
        }
    }

    private mutating func closeWord() {
        if word.isEmpty { return }
        cutWord()
        word.removeAll(keepingCapacity: true)
        sources.removeAll(keepingCapacity: true)
        wordScalars = 0
    }

    private mutating func cutWord() {
        if wordScalars > tokenizer.maxWordScalars { return emitUnknown() }
        let (idCount, rangeCount) = (ids.count, ranges.count)
        var start = 0
        while start < word.count {
            guard let (id, end) = longestPiece(from: start) else {
                ids.removeLast(ids.count - idCount)
                ranges.removeLast(ranges.count - rangeCount)
                return emitUnknown()
            }
            emit(id, start, end)
            start = end
        }
    }

    private mutating func emitUnknown() {
        unseen += (word.count + 3) / 4 - 1
        emit(tokenizer.unknown, 0, word.count)
    }

    private mutating func longestPiece(from start: Int) -> (id: Int32, end: Int)? {
        let prefix = start == 0 ? [] : tokenizer.continuation
        var hash = start == 0 ? WordPieceVocabulary.emptyHash : tokenizer.continuationHash
        let furthest = min(word.count, start + max(0, tokenizer.vocabulary.longest - prefix.count))
        hashes.removeAll(keepingCapacity: true)
        for index in start..<furthest {
            hash = WordPieceVocabulary.extend(hash, word[index])
            hashes.append(hash)
        }
        return word.withUnsafeBufferPointer { word in
            for end in stride(from: furthest, to: start, by: -1) where end == word.count || word[end] & 0xC0 != 0x80 {
                if let id = tokenizer.vocabulary.find(word[start..<end], prefix: prefix, hash: hashes[end - start - 1]) { return (id, end) }
            }
            return nil
        }
    }

    /// Records a token that covers the word's bytes from `start` to `end`.
    private mutating func emit(_ id: Int32, _ start: Int, _ end: Int) {
        ids.append(id)
        guard wantsRanges else { return }
        let lower = max(sources[start], ranges.last?.upperBound ?? 0)
        ranges.append(lower..<max(lower, sources[end - 1] + 1))
    }
}
