/// Takes a model's own marks, such as `[2]`, out of its text as it arrives.
struct MarkReader: Sendable {
    enum Piece: Sendable, Hashable {
        case text(String)
        /// The number between the brackets.
        case mark(Int)
    }

    /// What may become a mark, from the white space before its bracket on.
    private var held = ""
    private static let longest = 12

    mutating func add(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        for character in text {
            if held.isEmpty {
                if character == "[" { held = takeSpace(&plain) + "[" } else { plain.append(character) }
            } else if character == "]", let numbers = numbers {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                pieces += numbers.map { .mark($0) }
                (plain, held) = ("", "")
            } else if character.isASCII, character.isNumber || ", ".contains(character), held.count < Self.longest {
                held.append(character)
            } else {
                plain += held
                held = character == "[" ? "[" : ""
                if character != "[" { plain.append(character) }
            }
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return pieces
    }

    /// What was no mark after all.
    mutating func finish() -> String {
        defer { held = "" }
        return held
    }

    private func takeSpace(_ plain: inout String) -> String {
        guard plain.last == " " else { return "" }
        plain.removeLast()
        return " "
    }

    private var numbers: [Int]? {
        let parts = held.drop { $0 != "[" }.dropFirst().split { $0 == "," || $0 == " " }.map { Int($0) }
        let numbers = parts.compactMap { $0 }
        return !numbers.isEmpty && numbers.count == parts.count ? numbers : nil
    }
}
