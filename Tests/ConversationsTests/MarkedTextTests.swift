import Testing

@testable import Conversations

@Suite struct MarkedTextTests {
    private let text = "Öffnung ist um neun.  Niemand sah Giraffen. Ende  "
    private let checks = [
        SentenceCheck(from: 0, to: 20, verdict: .supported, support: 1), SentenceCheck(from: 22, to: 43, verdict: .notFound, support: 0),
        SentenceCheck(from: 44, to: 48, verdict: .notFound, support: 0.1),
    ]
    private let expected =
        "Öffnung ist um neun.  Niemand sah Giraffen. [not found in the documents] Ende [not found in the documents]  "

    /// Each verdict comes after the piece that holds the white space behind its sentence, as the checker tells it.
    private func marked(pieces size: Int, isMarked: Bool = true) -> (String, MarkedText) {
        var marked = MarkedText(isMarked: isMarked)
        var (given, seen, waiting) = ("", 0, checks[...])
        let scalars = Array(text.unicodeScalars)
        for start in stride(from: 0, to: scalars.count, by: size) {
            let piece = scalars[start..<min(start + size, scalars.count)]
            given += marked.add(String(String.UnicodeScalarView(piece)))
            seen += piece.count
            while let next = waiting.first, next.to < min(seen, 44) { marked.add(waiting.removeFirst()) }
        }
        for check in waiting { marked.add(check) }
        return (given + marked.finish(), marked)
    }

    @Test(arguments: [1, 2, 3, 7, 20, 21, 43, 44, 100])
    func theMarksStandAtTheSamePlacesHoweverTheTextComes(_ size: Int) {
        #expect(marked(pieces: size).0 == expected)
    }

    @Test func withoutMarksTheTextComesAsItIs() {
        #expect(marked(pieces: 3, isMarked: false).0 == text)
    }

    @Test func codeAndTablesKeepTheirForm() {
        let text = "So:\n\n```\nlet a = b\n```\n\n| a | b |\n|---|---|\n| c | d |\nEnd."
        let scalars = Array(text.unicodeScalars)
        func check(_ sentence: String) -> SentenceCheck {
            let from = scalars.indices.first { String(String.UnicodeScalarView(scalars[$0...])).hasPrefix(sentence) } ?? 0
            return SentenceCheck(from: from, to: from + sentence.unicodeScalars.count, verdict: .notFound, support: 0)
        }
        let checks = ["let a = b", "| c | d |", "End."].map(check)
        for size in [1, 2, 3, 5, 1000] {
            var marked = MarkedText(isMarked: true)
            var (given, seen, waiting) = ("", 0, checks[...])
            for start in stride(from: 0, to: scalars.count, by: size) {
                let piece = scalars[start..<min(start + size, scalars.count)]
                given += marked.add(String(String.UnicodeScalarView(piece)))
                seen += piece.count
                while let next = waiting.first, next.to < seen { marked.add(waiting.removeFirst()) }
            }
            for check in waiting { marked.add(check) }
            given += marked.finish()
            #expect(
                given
                    == text.replacing("| c | d |", with: "| c | d [not found in the documents] |")
                    .replacing("End.", with: "End. [not found in the documents]"), "\(size)")
        }
    }

    @Test func placesCountTheMarks() {
        let (given, places) = marked(pieces: 5)
        let scalars = Array(given.unicodeScalars)
        for (check, sentence) in zip(checks, ["Öffnung ist um neun.", "Niemand sah Giraffen.", "Ende"]) {
            let found = scalars[places.begin(check.from)..<places.end(check.to)]
            #expect(String(String.UnicodeScalarView(found)) == sentence)
        }
    }
}
