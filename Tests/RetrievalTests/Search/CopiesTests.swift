import ParleyCore
import Testing

@testable import Library
@testable import Retrieval

@Suite struct CopiesTests {
    private let moment = Timestamp(milliseconds: 1)

    private func passage(_ text: String, under heading: String = "Policy") -> LiveChunk {
        let chunk = StoredChunk(
            id: ChunkID(at: moment), project: ProjectID(at: moment), document: DocumentID(at: moment), revision: RevisionID(at: moment),
            ordinal: 0,
            from: 0, to: 1, firstPage: nil, lastPage: nil, headingPath: [heading], tokens: 1, text: text, searchText: text)
        return LiveChunk(chunk: chunk, documentName: "a", mediaType: "text/plain")
    }

    private func words(_ number: Int, changing word: String = "") -> String {
        let things = ["pump", "tank", "hall", "valve", "lock", "gate", "pipe", "drum"]
        let places = ["north", "south", "east", "west", "upper", "lower", "inner", "outer"]
        let all = things.flatMap { thing in places.map { $0 + thing } }
        return all.joined(separator: " ") + " \(number) bar \(word)"
    }

    @Test func whatDiffersInBlanksIsOne() {
        let copies = Copies([
            passage("Paid within 14 days."), passage("Paid  within\n14 days."), passage("Paid within 14 days.", under: "Other"),
            passage("Paid in 14 days."),
        ])
        #expect(copies.order == [0, 2, 3])
        #expect(copies.originals == [1: 0])
        #expect(Copies([passage("a+b = 5"), passage("a-b = 5"), passage("a+b = -5")]).order == [0, 1, 2])
    }

    @Test func whatIsNearlyTheSameComesBehindOthers() {
        let versions = ["first", "second", "third", "fourth"].map { passage(words(5, changing: $0)) }
        #expect(Copies(versions + [passage("Something else.")]).order == [0, 1, 4, 2, 3])
        let numbers = (1...4).map { passage(words($0)) }
        #expect(Copies(numbers + [passage("Something else.")]).order == [0, 1, 2, 3, 4], "a number may be the answer")
    }
}
