/// The clauses of sentences: what stands in one of them is said of one thing.
enum Clauses {
    /// Cuts sentences at semicolons; a clause that leans on what stands before it is joined to that.
    static func joined(_ sentences: [String]) -> [String] {
        let clauses = sentences.flatMap { $0.split(separator: ";").map(String.init) }
        return clauses.reduce(into: []) { joined, clause in
            if !joined.isEmpty, leans(clause) { joined[joined.count - 1] += "; " + clause } else { joined.append(clause) }
        }
    }

    /// Whether one of the first words points at something said before.
    static func leans(_ clause: String) -> Bool {
        let words = clause.lowercased().split { !$0.isLetter }
        // fits: a constant
        return words.prefix(reach).contains { pointers.contains(String($0)) }
    }

    /// Words at the start, among which a pointer may stand: "and then it", "both of them".
    private static let reach = 3

    private static let pointers: Set<String> = [
        "it", "its", "they", "their", "them", "he", "his", "him", "she", "her", "this", "these", "those", "that", "such", "both", "there",
    ]
}
