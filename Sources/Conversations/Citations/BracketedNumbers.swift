/// Text that is, or may become, numbers of passages in brackets: one or several brackets, with commas or spaces between them, behind a
/// space or none.
struct BracketedNumbers: Sendable {
    private static let pairs: [Character: Character] = ["[": "]", "【": "】", "［": "］"]
    private static let longest = 40
    private static let mostSeparators = 4
    private static let mostInRange = 20
    /// What may stand before a number: `[passage 2]`.
    private static let words = [
        "passages", "passage", "sources", "source", "documents", "docs", "document", "doc", "refs", "ref", "citation", "text",
    ]

    /// In the order in which they stand there; empty when it is something else.
    private(set) var numbers: [Int] = []
    /// What follows the last bracket.
    private(set) var rest = ""
    /// Whether it is numbers, or may be with more text.
    private(set) var isPossible = true
    /// Whether one bracket holds several numbers.
    private(set) var isList = false
    /// Whether the brackets are those that programs and formulas have too.
    private(set) var isSquare = true

    static func opens(_ character: Character) -> Bool { pairs[character] != nil }

    /// - Parameter passages: how many there are.
    init(_ text: String, _ passages: Int) {
        let characters = Array(text)
        isPossible = read(characters.first == " " ? characters.dropFirst() : characters[...], passages)
    }

    /// Whether all of it is brackets with numbers, as far as it goes.
    private mutating func read(_ text: ArraySlice<Character>, _ passages: Int) -> Bool {
        var left = text
        while let next = left.first {
            guard let close = Self.pairs[next] else { return false }
            let isDouble = next == "[" && left.dropFirst().first == "["
            let inside = isDouble ? left.dropFirst(2) : left.dropFirst()
            guard let end = inside.firstIndex(of: close) else { return Self.mayBecome(inside) }
            let behind = inside[end...].dropFirst()
            guard let found = Self.numbers(in: inside[..<end], passages) else { return false }
            if isDouble {
                guard let second = behind.first else { return true }
                guard second == close else { return false }
            }
            left = isDouble ? behind.dropFirst() : behind
            numbers += found
            rest = String(left)
            (isList, isSquare) = (isList || found.count > 1, isSquare && next == "[")
            let separators = left.prefix { " ,;&".contains($0) }.count
            if separators > Self.mostSeparators { return false }
            left = left.dropFirst(separators)  // fits: a count
        }
        return true
    }

    private static func mayBecome(_ inside: ArraySlice<Character>) -> Bool {
        guard inside.count <= longest else { return false }
        if inside.contains("†") { return true }
        let word = String(inside.prefix { $0.isLetter }).lowercased()
        guard word.isEmpty || words.contains(where: { $0.hasPrefix(word) }) else { return false }
        return inside.dropFirst(word.count).allSatisfy { $0.isASCII && $0.isNumber || " ,;:.#&^-–—†".contains($0) }
    }

    /// The numbers between two brackets; nil when there is something else, or a number that no passage has.
    private static func numbers(in inside: ArraySlice<Character>, _ passages: Int) -> [Int]? {
        guard mayBecome(inside) else { return nil }
        let told = String(inside.prefix { $0 != "†" }).lowercased().drop { $0.isLetter || " :.#^".contains($0) }
        let parts = told.split { " ,;&^".contains($0) }
        var numbers: [Int] = []
        for part in parts {
            let ends = part.split(omittingEmptySubsequences: false) { "-–—".contains($0) }.map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 1, last >= first, last <= passages,
                last - first <= mostInRange
            else { return nil }
            numbers += first...last
        }
        return numbers.isEmpty ? nil : numbers
    }
}
