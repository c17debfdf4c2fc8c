import Testing

@testable import Conversations

@Suite struct MarkReaderTests {
    /// The text without marks, and the numbers of these.
    private func read(_ answer: String, by size: Int = 1, passages: Int = 6) -> (text: String, marks: [Int]) {
        var reader = MarkReader(passages: passages)
        var pieces: [MarkReader.Piece] = []
        var rest = answer[...]
        while !rest.isEmpty {
            pieces += reader.add(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        pieces += reader.finish()
        let text = pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        return (text, pieces.compactMap { if case .mark(let number) = $0 { number } else { nil } })
    }

    @Test(arguments: [
        ("It opens at six [1].", [1]), ("It opens at six. [1]", [1]), ("It opens at six[1].", [1]), ("It opens at six.[1]", [1]),
        ("It opens at six [1, 2].", [1, 2]), ("It opens at six [1][2].", [1, 2]), ("It opens at six [1] [2].", [1, 2]),
        ("It opens at six [1], [3].", [1, 3]), ("It opens at six [1-3].", [1, 2, 3]), ("It opens at six [2; 4].", [2, 4]),
        ("It opens at six 【1】.", [1]), ("It opens at six【2†source】.", [2]), ("It opens at six ［3］.", [3]), ("It opens at six [[1]].", [1]),
        ("It opens at six [^1].", [1]), ("It opens at six [^1^].", [1]), ("It opens at six [passage 2].", [2]),
        ("It opens at six [Source: 1].", [1]),
        ("It opens at six [1]!", [1]), ("It opens at six (at noon on Sundays) [1].", [1]), ("It opens at six%[1].", [1]),
        ("It opens at six “sharp”[1].", [1]), ("It opens at six **always** [1].", [1]),
    ])
    func marksAreTakenOut(_ answer: String, _ marks: [Int]) {
        for size in [1, 2, 3, 1000] {
            let found = read(answer, by: size)
            #expect(
                found.marks == marks && !found.text.contains { "[]【】［］".contains($0) } && !found.text.contains(" ."), "\(size): \(found)")
        }
    }

    @Test(arguments: [
        "ISO 9001 [2015] applies.", "It opens early [9].", "A list[0] stays [x].", "Take `argv[1]` first.", "Take sys.argv[1] first.",
        "Take argv[1].",
        "Let x[1] be the first, a[2][3] the next.", "Water is H[2]O.", "where x = [1, 2] holds", "the interval [1, 2] is closed",
        "[1] + [2]",
        "See [1](https://example.org).", "[1]: https://example.org", "[1] Handbook, page 2", "- [1] Handbook", "Do it: [ ] now [x] later",
        "f(x)[1] is",
        "\\[1\\] is escaped", "matrix[1][2] is", "[[1, 2], [3, 4]]", "Let v = [1].", "See [Figure 1] and [Table 2].",
        "See [1a] and [1.2.3].", "log[2](8)",
        "Let x ∈ [1, 2].", "It costs [sic] 5.", "items[2] holds", "in the range [1, 3] of", "[1", "at [", "See [1][ref].", "C[6]H[1]O[2]",
        "myArray[1] is",
        "```py\nfirst = sys.argv[1]\nprint(arr[0], arr[1])\nx = [1]\n```\nDone.", "    x = a [1]\n\nDone.",
    ])
    func otherBracketsAreText(_ answer: String) {
        for size in [1, 2, 3, 1000] {
            let found = read(answer, by: size)
            #expect(found.text == answer && found.marks.isEmpty, "\(size): \(found)")
        }
    }

    @Test func codeStaysAndTheMarkGoes() {
        let answer =
            "Use this:\n\n```py\nfirst = sys.argv[1]\nprint(arr[0], arr[12])\nx = [0]\n```\n\nISO 9001 [2015] applies. The harbour opens at six [1]."
        let found = read(answer)
        #expect(found.text == answer.replacing(" [1].", with: ".") && found.marks == [1])
    }

    @Test func textBetweenMarksStaysWhole() {
        let found = read("One [1] and two [2]; three, four [3], five.\n| bolt | 5 [4] |\n[5]\nSix.", passages: 5)
        #expect(found.text == "One and two; three, four, five.\n| bolt | 5 |\n\nSix." && found.marks == [1, 2, 3, 4, 5])
        #expect(read("Zwei  Leerzeichen [ 1 ] bleiben.").marks == [1])
    }

    @Test(.timeLimit(.minutes(1))) func manyBracketsAreReadInTime() {
        let text = String(repeating: " [1, 2, 3, 1", count: 10_000)
        #expect(read(text, by: 10_000).text == text)
    }
}
