import ParleyCore
import ParleyInference
import Retrieval
import Testing

@testable import Conversations

@Suite struct ReaderFinderTests {
    /// A reader that knows one word and finds it wherever it stands.
    private struct Searching: PassageReader {
        let word: String
        let identity = "searching"

        func read(_ text: String, in passages: [String]) async throws -> [Reading] {
            passages.map { passage in
                let tokens = AnswerWord.all(in: passage).map { each in
                    Reading.Token(place: each.from..<each.to, start: each.text == word ? 9 : -9, end: each.text == word ? 9 : -9)
                }
                return Reading(
                    answer: tokens.contains { $0.start > 0 } ? 4 : -4, supported: 0, contradicted: 0, tokens: tokens)
            }
        }

        func checkHealth() async throws -> String { identity }
        func close() async {}
    }

    @Test func theUnitThatHoldsTheAnswerIsFoundWithItsWords() async throws {
        let passages = [
            try passage("The office opens at nine. It has doors.", index: 1, from: 0),
            try passage("The gate is green. The bell is in the tower.", index: 2, from: 100),
        ]
        let finder = ReaderFinder(reader: Searching(word: "tower"))
        let read = try await ReadPassages("Where is the bell?", passages, finder: finder)
        let best = try #require(read.found.indices.max { read.found[$0].score < read.found[$1].score })
        #expect(read.units[best].text == "The bell is in the tower." && read.found[best].probability == read.probability)
        #expect(read.probability >= finder.sure)
        let words = try #require(read.found[best].words.first)
        #expect(read.units[best].text.scalars(from: words.lowerBound, to: words.upperBound) == "tower")
        let none = try await ReadPassages("Where is the bell?", passages, finder: ReaderFinder(reader: Searching(word: "harbour")))
        #expect(try #require(none.threshold) > none.probability)
    }

    @Test func whatIsBeyondTheFirstPassagesIsNotQuoted() async throws {
        let passages = try (1...12).map { try passage("Line \($0) of the tower.", index: $0, from: $0 * 100) }
        let found = try await ReadPassages("?", passages, finder: ReaderFinder(reader: Searching(word: "tower"))).found
        #expect(
            found.count == 12 && found.prefix(4).allSatisfy { $0.probability > 0.5 }
                && found.dropFirst(4).allSatisfy { $0.probability == 0 })
    }
}
