/// The terms of a segment, numbered in the order of their first appearance, and the words that led to them.
struct Vocabulary: Sendable {
    /// A folded word: its term, and which of the term's words it is (0 is the first one seen). Phrases tell words apart by that.
    struct Form: Sendable {
        let term: UInt32
        let variant: UInt32
    }

    private(set) var terms: [String: UInt32] = [:]
    private(set) var forms: [String: Form] = [:]
    /// By term: how many words lead to it.
    private(set) var variantCounts: [UInt32] = []

    var count: Int { variantCounts.count }

    /// The number of a term, new or known.
    mutating func number(_ term: String) -> UInt32 {
        if let known = terms[term] { return known }
        let new = UInt32(clamping: variantCounts.count)
        terms[term] = new
        variantCounts.append(0)
        return new
    }

    /// The form of a folded word, new or known.
    mutating func form(_ word: String, stem: (String) -> String) -> Form {
        if let known = forms[word] { return known }
        return form(word, of: number(stem(word)))
    }

    /// The form of a folded word of a given term, new or known.
    mutating func form(_ word: String, of term: UInt32) -> Form {
        if let known = forms[word] { return known }
        let new = Form(term: term, variant: variantCounts[Int(term)])
        variantCounts[Int(term)] += 1
        forms[word] = new
        return new
    }
}

extension Token {
    /// The name under which the token is indexed.
    func term(_ stemmer: Stemmer) -> String {
        switch kind {
        case .word: stemmer.stem(text)
        case .character, .pair: text
        case .identifier: "=" + text
        }
    }
}
