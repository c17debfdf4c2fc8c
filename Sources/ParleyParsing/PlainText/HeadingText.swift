/// Tells headings by their wording, where nothing else marks them.
enum HeadingText {
    /// The level of a line that stands alone, or nil.
    /// - Parameter isTitle: the line is the document's first, where a longer one passes.
    static func level(_ line: String, isTitle: Bool = false) -> Int? {
        let words = line.split(separator: " ")
        guard let first = line.first, words.count <= (isTitle ? 40 : 12), line.count <= (isTitle ? 300 : 90) else { return nil }
        guard line.contains(where: \.isLetter), let last = line.last, !",;:-".contains(last) else { return nil }
        if let depth = numberDepth(words) { return last == "." && words.count > 4 ? nil : min(depth, 6) }
        guard first.isUppercase || isTitle && first.isLetter || isCaseless(first) else { return nil }
        if isTitle { return hasInnerSentenceEnd(line) ? nil : 1 }
        guard !".!?。！？".contains(last) else { return nil }
        if line.contains(where: \.isLetter) && line == line.uppercased() && !isCaseless(first) && line.count >= 3 { return 1 }
        return words.count <= 8 ? 2 : nil
    }

    /// How deep `1.2.3 Title` or `Chapter 4` is; nil without such a number.
    static func numberDepth(_ words: [Substring]) -> Int? {
        guard words.count >= 2, let first = words.first else { return nil }
        if ["chapter", "part", "appendix", "section", "kapitel"].contains(first.lowercased()) {
            return words[1].first?.isNumber == true || words[1].count <= 4 && words[1].allSatisfy { "IVXLC.:ABCDEF".contains($0) } ? 1 : nil
        }
        let parts = first.split(separator: ".", omittingEmptySubsequences: true)
        guard !parts.isEmpty, parts.count <= 6, parts.allSatisfy({ $0.count <= 3 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            words[1].first?.isLetter == true, words[1].first?.isLowercase != true
        else { return nil }
        return parts.count
    }

    private static func isCaseless(_ character: Character) -> Bool {
        character.isLetter && !character.isUppercase && !character.isLowercase
    }

    private static func hasInnerSentenceEnd(_ line: String) -> Bool {
        line.firstRange(of: ". ").map { $0.upperBound < line.endIndex && line[$0.upperBound].isUppercase } ?? false
    }
}
