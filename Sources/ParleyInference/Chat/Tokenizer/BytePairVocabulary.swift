internal import Foundation
internal import ParleyCore

/// The tokens of a byte-pair encoding and their merges, as `script/convert-model.py` writes them to `tokenizer.bpe`:
/// laid out so that reading is copying, and a merge is found by a binary search among those of its left token.
struct BytePairVocabulary: Sendable {
    struct Merge {
        /// Lower ranks go first.
        let rank: UInt32
        let result: UInt32
    }

    /// The token that ends a turn.
    let endOfTurn: Int
    /// Bytes of the longest token.
    let longestToken: Int
    private let ends: [UInt32]
    private let firstMerge: [UInt32]
    private let mergeRight: [UInt32]
    private let mergeRank: [UInt32]
    private let mergeResult: [UInt32]
    private let isSpecial: [UInt8]
    private let bytes: [UInt8]
    /// The token of each single byte; `noToken` for those that the training texts never had.
    private let byteTokens: [UInt32]
    private static let noToken = UInt32.max

    /// - Throws: `model.missing` without the file, `inference.model_unusable` when it is damaged.
    init(path: String) throws(ParleyError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ParleyError(.modelMissing, "There is no tokenizer at \(path); run `script/setup --language-model`.")
        }
        guard let vocabulary = Self(data) else {
            throw ParleyError(
                .inferenceModelUnusable,
                "The tokenizer \(path) is damaged; delete the model's folder and run `script/setup --language-model` again.")
        }
        self = vocabulary
    }

    /// Nil when the bytes are not a vocabulary without contradictions.
    init?(_ data: Data) {
        var reader = ColumnReader(data)
        guard reader.take(8) == Array("PARLEYT1".utf8), let header = reader.numbers(3) else { return nil }
        let (tokens, merges) = (Int(header[0]), Int(header[1]))
        guard let ends = reader.numbers(tokens), let first = reader.numbers(tokens + 1), let right = reader.numbers(merges),
            let rank = reader.numbers(merges), let result = reader.numbers(merges), let kinds = reader.take(tokens),
            let bytes = reader.take(Int(ends.last ?? 0)), reader.isAtEnd, header[2] < header[0]
        else { return nil }
        guard Self.ascend(ends), Self.ascend(first), first.last == header[1], right.allSatisfy({ $0 < header[0] }),
            result.allSatisfy({ $0 < header[0] })
        else { return nil }
        (self.ends, firstMerge, mergeRight, mergeRank, mergeResult) = (ends, first, right, rank, result)
        (isSpecial, self.bytes, endOfTurn) = (kinds, bytes, Int(header[2]))
        longestToken = zip(ends, [0] + ends).map { Int($0 - $1) }.max() ?? 0
        var single = [UInt32](repeating: Self.noToken, count: 256)
        for token in ends.indices where kinds[token] == 0 {
            let start = token == 0 ? 0 : ends[token - 1]
            if ends[token] == start + 1 { single[Int(bytes[Int(start)])] = UInt32(token) }  // fits: the vocabulary's size is a UInt32
        }
        byteTokens = single
    }

    var count: Int { ends.count }

    /// The tokens of single bytes. A byte without one is left out, as Hugging Face `tokenizers` does: a few control characters,
    /// and what begins characters of private use.
    func tokens(of piece: [UInt8]) -> [UInt32] { piece.map { byteTokens[Int($0)] }.filter { $0 != Self.noToken } }

    /// What two neighbouring tokens become.
    func merge(_ left: UInt32, _ right: UInt32) -> Merge? {
        var low = Int(firstMerge[Int(left)])
        var high = Int(firstMerge[Int(left) + 1])
        while low < high {
            let middle = (low + high) / 2
            if mergeRight[middle] < right { low = middle + 1 } else { high = middle }
        }
        guard low < Int(firstMerge[Int(left) + 1]), mergeRight[low] == right else { return nil }
        return Merge(rank: mergeRank[low], result: mergeResult[low])
    }

    /// The bytes of a token of text; none for a special token or an id outside the vocabulary.
    func text(of token: Int) -> ArraySlice<UInt8> {
        guard ends.indices.contains(token), isSpecial[token] == 0 else { return [] }
        return bytes[(token == 0 ? 0 : Int(ends[token - 1]))..<Int(ends[token])]
    }

    /// The id of a special token by its name, e.g. `<|im_start|>`.
    func special(_ name: String) -> Int? {
        let wanted = Array(name.utf8)
        return isSpecial.indices.first { token in
            guard isSpecial[token] != 0 else { return false }
            return bytes[(token == 0 ? 0 : Int(ends[token - 1]))..<Int(ends[token])].elementsEqual(wanted)
        }
    }

    private static func ascend(_ numbers: [UInt32]) -> Bool { zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 } }
}

/// Takes a file apart from its start.
private struct ColumnReader {
    private let data: Data
    private var position: Int

    init(_ data: Data) {
        self.data = data
        position = data.startIndex
    }

    var isAtEnd: Bool { position == data.endIndex }

    /// The next bytes; nil when there are not as many.
    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= data.endIndex - position else { return nil }
        defer { position += count }
        return Array(data[position..<position + count])
    }

    /// The next little-endian numbers; nil when there are not as many.
    mutating func numbers(_ count: Int) -> [UInt32]? {
        guard let bytes = take(count * 4) else { return nil }
        return bytes.withUnsafeBytes { raw in
            (0..<count).map { UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
        }
    }
}
