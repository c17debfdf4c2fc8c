import Foundation

/// A question and a part of a passage as the reader takes them: `[CLS] question [SEP] passage [SEP]`.
struct ReadingRow {
    let ids: [Int32]
    /// Where the passage's tokens begin in the row.
    let start: Int
    /// The passage's tokens in the row, by their number in the passage.
    let tokens: Range<Int>

    /// The rows of one passage: several where it is too long for one, each sharing some tokens with the next.
    static func rows(_ question: [Int32], _ passage: [Int32], _ folder: ReaderFolder) -> [ReadingRow] {
        let tokenizer = folder.tokenizer
        let opening = [tokenizer.start] + question.prefix(folder.questionTokens) + [tokenizer.end]  // fits: 8 or more
        let room = folder.maxTokens - opening.count - 1
        let step = max(1, room - folder.overlap)
        var rows: [ReadingRow] = []
        var from = 0
        repeat {
            let part = from..<min(from + room, passage.count)
            rows.append(ReadingRow(ids: opening + passage[part] + [tokenizer.end], start: opening.count, tokens: part))
            if part.upperBound == passage.count { break }
            from += step
        } while rows.count < most
        return rows
    }

    /// Rows of one passage at most: what is beyond is not read.
    private static let most = 8
}

extension Reading {
    /// What the model says of the rows of one passage.
    /// - Parameters:
    ///   - outputs: of each row the answer's logit, three logits for a statement, then a start and an end logit for each token.
    ///   - places: of the passage's tokens, in Unicode scalars.
    init(_ rows: [ReadingRow], _ outputs: [[Float]], places: [Range<Int>]) {
        var tokens: [Token] = []
        var (answer, entailment) = (-Float.infinity, (supported: Float(0), contradicted: Float(0)))
        for (row, output) in zip(rows, outputs) where output.count == ReadingEncoder.width(row.ids.count) {
            answer = max(answer, output[0])
            let shares = Self.shares(output[1..<ReadingEncoder.heads])
            if shares[0] + shares[1] >= entailment.supported + entailment.contradicted { entailment = (shares[0], shares[1]) }
            let (starts, ends) = (ReadingEncoder.heads, ReadingEncoder.heads + row.ids.count)
            for token in row.tokens.dropFirst(max(0, tokens.count - row.tokens.lowerBound)) {
                let place = row.start + token - row.tokens.lowerBound
                tokens.append(
                    Token(
                        place: places[token], start: output[starts + place] - output[starts],
                        end: output[ends + place] - output[ends]))
            }
        }
        self.init(
            answer: answer.isFinite ? answer : -100, supported: entailment.supported, contradicted: entailment.contradicted, tokens: tokens)
    }

    private static func shares(_ logits: ArraySlice<Float>) -> [Float] {
        let top = logits.max() ?? 0
        let powers = logits.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
