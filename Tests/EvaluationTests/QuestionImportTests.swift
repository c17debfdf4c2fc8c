import ParleyCore
import Testing

@testable import Evaluation

@Suite struct QuestionImportTests {
    private func questions(_ text: String) throws -> [QuestionDraft] {
        guard case .questions(let drafts) = try QuestionImport(Array(text.utf8)) else { return [] }
        return drafts
    }

    @Test func linesOfOurOwnForm() throws {
        let drafts = try questions(
            """
            {"id": "a1", "question": "When?", "documents": ["x.pdf", "y.pdf"], "pages": [3], "answer": "at nine", "statement": "…"}

            {"id": "n1", "question": "Who?"}
            {"question": "What?", "expected": [{"document": "z", "gain": 2, "quote": "this"}], "tags": ["new"], "expected_answer": "This."}
            """)
        #expect(drafts.count == 3)
        #expect(
            drafts[0].expected == ["x.pdf", "y.pdf"].map { ExpectedPlace(document: $0, quote: "at nine", page: 3) } && drafts[0].key == "a1"
        )
        #expect(drafts[1].isAnswerable == false && drafts[0].isAnswerable == nil)
        #expect(drafts[2].expected == [ExpectedPlace(document: "z", gain: 2, quote: "this")] && drafts[2].answer == "This.")
    }

    @Test func queriesAndJudgementsOfBEIR() throws {
        let drafts = try questions("{\"_id\": \"7\", \"text\": \"Does it?\", \"metadata\": {}}\n")
        #expect(drafts == [QuestionDraft(key: "7", question: "Does it?")])
        guard case .judgements(let beir) = try QuestionImport(Array("query-id\tcorpus-id\tscore\n7\td1\t2\n7\td2\t0\n".utf8)),
            case .judgements(let trec) = try QuestionImport(Array("7\t0\td1\t2\n7\t0\td2\t0\n".utf8))
        else { return #expect(Bool(false), "judgements are told by their tabs") }
        #expect(beir == ["7": ["d1": 2, "d2": 0]] && trec == beir)
    }

    @Test func tables() throws {
        let drafts = try questions(
            "id,question,documents,answer,page,answerable\r\n1,\"When, \"\"exactly\"\"?\",a.md|b.md,\"at\nnine\",2,\r\n2,Who?,,,,false\r\n")
        #expect(drafts.count == 2 && drafts[0].question == "When, \"exactly\"?" && drafts[0].isAnswerable == true)
        #expect(drafts[0].expected == ["a.md", "b.md"].map { ExpectedPlace(document: $0, quote: "at\nnine", page: 2) })
        #expect(drafts[1].isAnswerable == false && drafts[1].expected.isEmpty)
    }

    @Test(arguments: [
        "", "\n \n", "a,b\n1,2", "{\"id\": \"1\"}", "{\"question\": \"a\"}\nb", "{\"question\": \"a\"}\n{\"question\": \"\"}", "1\tx",
    ])
    func whatIsNone(_ text: String) {
        #expect(throws: ParleyError.self) { try QuestionImport(Array(text.utf8)) }
    }

    @Test func theLineIsNamed() {
        let error = #expect(throws: ParleyError.self) { try QuestionImport(Array("{\"question\": \"a\"}\n\n{\"x\": 1}".utf8)) }
        #expect(error?.code == .questionFileInvalid && error?.fields.first?.pointer == "3")
        #expect(throws: ParleyError.self) { try QuestionImport([0xFF, 0xFE]) }
    }
}
