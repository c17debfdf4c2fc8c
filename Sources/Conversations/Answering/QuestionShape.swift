import ParleyIndex

/// What a question asks for beside one fact, as far as its words tell: two things side by side, all of something, or a count or sum over it.
enum QuestionShape: Sendable, Hashable {
    case fact
    /// One question for each of the things compared.
    case comparison([String])
    case list

    init(_ question: String) {
        guard question.unicodeScalars.count <= Self.longest else {
            self = .fact
            return
        }
        let words = QuestionText(question)
        if let parts = Comparison.parts(of: words) {
            self = .comparison(parts)
        } else {
            self = Self.asksForAll(words) ? .list : .fact
        }
    }

    /// A longer question, in Unicode scalars, is taken as it stands.
    private static let longest = 400

    private static func asksForAll(_ words: QuestionText) -> Bool {
        guard let first = words.folded.first else { return false }
        if commands.contains(first) || words.has("list", "all") || words.has("name", "all") || words.has("list", "of") { return true }
        if ["what", "which"].contains(first), words.folded.dropFirst().prefix(2).contains("all") { return true }
        if words.has("how", "many") { return true }
        if words.folded.contains(where: sums.contains) || words.has("in", "all") || words.has("in", "total") { return true }
        return first == "compare" || words.folded.contains("both")
    }

    private static let commands: Set<String> = ["list", "enumerate", "name"]
    private static let sums: Set<String> = ["altogether", "together", "combined", "overall"]
}

/// A question's words as they stand and folded, without the signs at its end.
struct QuestionText: Sendable {
    let words: [String]
    let folded: [String]

    init(_ text: String) {
        words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        folded = words.map { $0.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "'" } }
    }

    /// Whether these two words stand one after the other.
    func has(_ first: String, _ second: String) -> Bool { zip(folded, folded.dropFirst()).contains { $0 == (first, second) } }
}

/// Takes a comparison apart: "Compare the notice of A with that of B" asks for the notice of A, and for the notice of B.
private enum Comparison {
    /// A question for each of two things; nil where no two things are compared.
    static func parts(of question: QuestionText) -> [String]? {
        let folded = question.folded
        if folded.first == "compare" {
            let (body, rest) = cut(Array(question.words.dropFirst()))
            guard let pair = split(body, at: ["with", "against", "to"]) ?? split(body, at: ["and"]) else { return nil }
            return questions(pair, asking: rest)
        }
        if let place = folded.firstIndex(where: { $0 == "difference" || $0 == "differences" }),
            let start = folded[place...].firstIndex(of: "between")
        {
            let (body, rest) = cut(Array(question.words[(start + 1)...]))
            return split(body, at: ["and"]).flatMap { questions($0, asking: rest) }
        }
        if folded.first == "how", folded.count > 2, let verb = folded.lastIndex(where: { ["differ", "compare"].contains($0) }), verb > 2 {
            let before = Array(question.words[2..<verb])
            let after = Array(question.words[(verb + 1)...])
            if let first = after.first?.lowercased(), ["from", "with", "to"].contains(first) {
                return questions((before, plain(Array(after.dropFirst()))), asking: [])
            }
            return split(before, at: ["and"]).flatMap { questions(($0.0, $0.1 + plain(after)), asking: []) }
        }
        return split(plain(question.words), at: ["vs", "vs.", "versus"]).flatMap { questions($0, asking: []) }
    }

    /// What stands before a colon, and the question behind it.
    private static func cut(_ words: [String]) -> ([String], [String]) {
        guard let end = words.firstIndex(where: { $0.hasSuffix(":") }) else { return (plain(words), []) }
        return (words[..<end] + [String(words[end].dropLast())], plain(Array(words[(end + 1)...])))
    }

    /// Without the sign at the end.
    private static func plain(_ words: [String]) -> [String] {
        guard let last = words.last else { return words }
        return words.dropLast() + [String(last.reversed().drop { "?.!,".contains($0) }.reversed())].filter { !$0.isEmpty }
    }

    private typealias Pair = ([String], [String])

    private static func split(_ words: [String], at joints: Set<String>) -> Pair? {
        guard let place = words.firstIndex(where: { joints.contains($0.lowercased()) }), place > 0, place + 1 < words.count else {
            return nil
        }
        return (Array(words[..<place]), Array(words[(place + 1)...]))
    }

    private static func questions(_ pair: Pair, asking rest: [String]) -> [String]? {
        guard !pair.0.isEmpty, !pair.1.isEmpty else { return nil }
        let (first, second) = completed(pair)
        return [first, second].map { asked($0, rest) }
    }

    /// What one of the two names for both: "the revenue of A and B", "the monthly and the yearly plan of C", "the price of A with that of B".
    private static func completed(_ pair: Pair) -> Pair {
        var (first, second) = pair
        if let pronoun = second.first?.lowercased(), ["that", "those"].contains(pronoun), second.count > 1,
            let joint = first.lastIndex(where: { $0.lowercased() == second[1].lowercased() }) ?? first.lastIndex(of: "of")
        {
            second = Array(first[..<joint]) + second.dropFirst()
        } else if first.count <= 2, second.count > first.count + 1 {
            first += second.dropFirst(first.count)
        } else if second.prefix(while: { !places.contains($0) }).count <= 3, !second.contains("of"), let joint = first.lastIndex(of: "of") {
            second = Array(first[...joint]) + second
        }
        if let place = second.firstIndex(where: places.contains), !first.contains(where: places.contains), second[..<place].count >= 1 {
            first += second[place...]
        }
        return (first, second)
    }

    private static let places: Set<String> = ["in", "at", "during", "for"]

    private static func asked(_ part: [String], _ rest: [String]) -> String {
        let thing = part.joined(separator: " ")
        if let each = rest.firstIndex(where: { ["each", "either", "both", "they", "them"].contains($0.lowercased()) }) {
            let behind = rest[(each + 1)...]
            let tail = behind.starts(with: ["of", "them"]) ? behind.dropFirst(2) : behind
            return (rest[..<each] + part + tail).joined(separator: " ") + "?"
        }
        let asks = ["what", "how", "who", "when", "where", "which"].contains(part.first?.lowercased())
        return (asks ? thing : "What is " + thing) + (rest.isEmpty ? "" : ", " + rest.joined(separator: " ")) + "?"
    }
}
