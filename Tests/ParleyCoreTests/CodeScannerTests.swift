import ParleyCore
import Testing

@Suite struct CodeScannerTests {
    /// The text with what is code in capitals; delimiters count as code.
    private func shown(_ text: String) -> String {
        var scanner = CodeScanner()
        return text.map { scanner.take($0) ? $0.uppercased() : String($0) }.joined()
    }

    @Test func spansBlocksAndIndentedLinesAreCode() {
        #expect(shown("see `a` and ``b ` c`` d") == "see `A` and ``B ` C`` d")
        #expect(shown("a\n```py\nb\n```\nc") == "a\n```PY\nB\n```\nc")
        #expect(shown("~~~\na\n```\nb\n~~~~\nc ~~d~~") == "~~~\nA\n```\nB\n~~~~\nc ~~d~~")
        #expect(shown("a\n\n    b\n    c\n\nd") == "a\n\n    B\n    C\n\nd")
        #expect(shown("- a\n\n    b\n    - c") == "- a\n\n    b\n    - c", "it belongs to the list")
    }

    @Test func aSpanEndsWithItsLine() {
        #expect(shown("5` long\na") == "5` LONG\na")
        #expect(shown("```\na") == "```\nA", "a block goes to the end")
    }

    @Test func blocksAreToldFromSpans() {
        var scanner = CodeScanner()
        let inBlock = "a `b` c\n```\nd\n```\ne".map { character in
            scanner.take(character)
            return scanner.isInBlock ? character : "."
        }
        #expect(String(inBlock).filter(\.isLetter) == "d")
    }
}
