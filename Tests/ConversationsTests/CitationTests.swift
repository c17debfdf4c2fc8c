import Foundation
import ParleyCore
import Retrieval
import Testing

@testable import Conversations

@Suite struct CitationTests {
    private static let text = "Café 🎉 opens early. The office is open from nine to five. 会議室は三階にあります。"

    private static let passages = Result {
        [try passage("Cats sleep all day.", index: 1, from: 0), try passage(text, index: 2, from: 100)]
    }

    private func citations(_ answer: String, pieces: Int = 1) throws -> [Citation] {
        var finder = CitationFinder(passages: try Self.passages.get())
        var found: [Citation] = []
        let scalars = Array(answer.unicodeScalars)
        for start in stride(from: 0, to: scalars.count, by: pieces) {
            found += finder.add(String(String.UnicodeScalarView(scalars[start..<min(start + pieces, scalars.count)])))
        }
        return found + finder.finish()
    }

    @Test func aSupportedSentenceQuotesTheSentenceItRestsOn() throws {
        let answer = "It opens at nine: the office is open from nine to five. Giraffes are purple."
        let found = try citations(answer)
        #expect(found.count == 1)
        let citation = try #require(found.first)
        #expect(citation.quote == "The office is open from nine to five.")
        let scalars = Array(Self.text.unicodeScalars)
        #expect(String(String.UnicodeScalarView(scalars[citation.from - 100..<citation.to - 100])) == citation.quote)
        #expect(String(String.UnicodeScalarView(Array(answer.unicodeScalars)[..<citation.at])).hasSuffix("to five."))
        #expect(citation.passage == 2 && citation.number == 1 && citation.support > 0.5 && citation.support <= 1)
    }

    @Test func howTheTextArrivesDoesNotMatter() throws {
        let answer = "Cats sleep. The office opens at nine, closes at five. 会議室は三階にあります。 Cats sleep all day long"
        let whole = try citations(answer, pieces: 1000)
        #expect(whole.map(\.number) == [1, 2, 2, 1], "a passage keeps its number: \(whole.map(\.quote))")
        for pieces in 1...7 { #expect(try citations(answer, pieces: pieces) == whole) }
    }

    @Test func nothingSupportsASentenceWithoutTellingWords() throws {
        #expect(try citations("It is. And so on! 😀 … ").isEmpty)
        #expect(try citations("").isEmpty)
        var finder = CitationFinder(passages: [])
        let found = finder.add("The office is open. ") + finder.finish()
        #expect(found.isEmpty)
    }

    @Test func sentencesHaveExactPlaces() {
        let text = "  One. Two!  „Drei?“\nvier 3.5 % of U.S. corn。五。 six"
        let sentences = SentenceReader.sentences(of: text)
        let scalars = Array(text.unicodeScalars)
        for sentence in sentences {
            #expect(String(String.UnicodeScalarView(scalars[sentence.from..<sentence.to])) == sentence.text)
            #expect(!sentence.text.isEmpty)
        }
        #expect(sentences.map(\.text).prefix(4) == ["One.", "Two!", "„Drei?“", "vier 3.5 % of U.S."])
        #expect(sentences.map(\.text).suffix(3) == ["corn。", "五。", "six"])
        #expect(SentenceReader.sentences(of: " \n ").isEmpty)
    }

    @Test func tellingWordsLeaveOutTheCommonOnes() {
        #expect(TellingWords.of("The cats and the DOG's class, 42 times!") == ["cat", "dog", "s", "class", "42", "time"])
        #expect(TellingWords.of("東京都 Ünïcode") == ["東京", "京都", "ünïcode"])
        #expect(TellingWords.of("it is of the").isEmpty)
    }

    @Test func withoutAModelTheBestPassagesAreQuoted() throws {
        let passages = try (1...5).map { try passage("Passage 🎉 \($0).", index: $0, from: $0 * 10) }
        let pieces = QuotedAnswer.pieces(passages)
        #expect(pieces.count == 3)
        let text = Array(pieces.map(\.text).joined().unicodeScalars)
        for (piece, passage) in zip(pieces, passages) {
            #expect(piece.citation.quote == passage.text && piece.citation.from == passage.from && piece.citation.to == passage.to)
            #expect(String(String.UnicodeScalarView(text[..<piece.citation.at])).hasSuffix(passage.text + "”"))
        }
    }

    @Test func aModelThatRepeatsItselfIsNoticed() {
        var repetition = RepetitionGuard()
        let noticed = ["The office is open from nine to five. ", "Yes. Yes. The office is ", "open from NINE to five. "].map {
            repetition.repeats($0)
        }
        #expect(noticed == [false, false, true])
    }
}

/// A passage of a document that has only this text from this offset on.
func passage(_ text: String, index: Int, from: Int, name: String = "handbook.md") throws -> Passage {
    let now = Timestamp(milliseconds: Int64(index))
    let value: JSONValue = [
        "index": .int(Int64(index)), "chunk": .string(ChunkID(at: now).description), "document": .string(DocumentID(at: now).description),
        "revision": .string(RevisionID(at: now).description), "documentName": .string(name), "mediaType": "text/markdown",
        "text": .string(text), "from": .int(Int64(from)), "to": .int(Int64(from + text.unicodeScalars.count)),
        "headingPath": ["Office"], "score": 1,
    ]
    return try JSONDecoder().decode(Passage.self, from: Data(value.text.utf8))
}
