import ParleyCore

/// Takes a model's own marks out of its text as it arrives: `[2]`, `[1, 2]`, `[1][2]`, `[1-3]`, `[^1]`, `[[1]]`, `【1】`, `[passage 1]`.
///
/// Other brackets are text: those in code, with numbers that no passage has, behind a name as an index has it (`argv[1]`, `H[2]O`), in a
/// formula, before an address, and at a line's start, where they label what follows.
struct MarkReader: Sendable {
    enum Piece: Sendable, Hashable {
        case text(String)
        /// The number between the brackets.
        case mark(Int)
    }

    /// How many passages there are.
    private let passages: Int
    private var code = CodeScanner()
    /// What may become marks, from the white space before the first bracket on.
    private var held = ""
    /// What stands before it.
    private var before = MarkSurroundings()

    init(passages: Int) { self.passages = passages }

    mutating func add(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        for character in text { take(character, &pieces) }
        return pieces
    }

    /// What was still held back when the answer ended.
    mutating func finish() -> [Piece] {
        var pieces: [Piece] = []
        decide(after: nil, &pieces)
        return pieces
    }

    private mutating func take(_ character: Character, _ pieces: inout [Piece]) {
        if held.isEmpty {
            guard BracketedNumbers.opens(character) || character == " ", !code.isCode(character) else { return give(character, &pieces) }
            held.append(character)
        } else if BracketedNumbers(held + [character], passages).isPossible {
            held.append(character)
        } else {
            decide(after: character, &pieces)
            take(character, &pieces)
        }
    }

    /// What is held is as long as it gets: marks, then what stands behind them, or text.
    private mutating func decide(after next: Character?, _ pieces: inout [Piece]) {
        guard !held.isEmpty else { return }
        let (text, found) = (held, BracketedNumbers(held, passages))
        held = ""
        let isCited = before.cites(
            found, isApart: text.hasPrefix(" "), touching: found.rest.first ?? next, after: found.rest.first { $0 != " " } ?? next)
        if !found.numbers.isEmpty, isCited {
            pieces += found.numbers.map { .mark($0) }
            for character in found.rest { give(character, &pieces) }
        } else {
            for character in text { give(character, &pieces) }
        }
    }

    private mutating func give(_ character: Character, _ pieces: inout [Piece]) {
        code.take(character)
        before.take(character)
        if case .text(let text)? = pieces.last {
            pieces[pieces.count - 1] = .text(text + String(character))
        } else {
            pieces.append(.text(String(character)))
        }
    }
}
