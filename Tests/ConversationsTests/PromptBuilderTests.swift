import ParleyCore
import ParleyInference
import Retrieval
import Testing

@testable import Conversations

@Suite struct PromptBuilderTests {
    private let counter = EstimatedTokenCounter()
    private let question = "When is the office open?"

    private func turn(_ role: MessageRole, _ content: String, _ state: MessageState = .complete) -> Message {
        let now = Timestamp(milliseconds: 1)
        return Message(
            id: MessageID(at: now), thread: ThreadID(at: now), parent: nil, role: role, content: content, state: state,
            outcome: AnswerOutcome(), job: nil, attempt: 1, createdAt: now)
    }

    private func passages(_ count: Int) throws -> [Passage] {
        try (1...count).map { try passage("Passage number \($0). " + String(repeating: "word ", count: 40), index: $0, from: 0) }
    }

    @Test(arguments: [120, 200, 300, 500, 1000, 5000])
    func thePromptKeepsToItsBudget(_ budget: Int) throws {
        let history = [turn(.user, "Earlier question?"), turn(.assistant, String(repeating: "Earlier answer. ", count: 20))]
        let prompt = PromptBuilder(budget: budget, style: .converse, counter: counter).prompt(
            question: question, passages: try passages(8), history: history)
        #expect(counter.tokenCount(of: prompt.messages) <= max(budget, 150))
        #expect(prompt.messages.first?.role == .system && prompt.messages.last?.role == .user)
        #expect(prompt.messages.last?.content.hasSuffix(question) == true)
        for number in 1...8 {
            #expect(prompt.messages.last?.content.contains("Passage number \(number).") == (number <= prompt.passages.count), "best first")
        }
    }

    @Test func passagesGoBeforeEarlierTurnsAndLateTurnsBeforeEarlyOnes() throws {
        let history = (1...6).flatMap {
            [turn(.user, "Question \($0)? " + String(repeating: "x ", count: 60)), turn(.assistant, "Answer \($0).")]
        }
        let tight = PromptBuilder(budget: 420, style: .converse, counter: counter).prompt(
            question: question, passages: try passages(2), history: history)
        #expect(tight.passages == [0, 1])
        let turns = tight.messages.dropFirst().dropLast().map(\.content)
        #expect(!turns.isEmpty && turns.count < history.count)
        #expect(turns == history.map(\.content).suffix(turns.count))
        let wide = PromptBuilder(budget: 100_000, style: .converse, counter: counter).prompt(
            question: question, passages: try passages(2), history: history)
        #expect(wide.messages.count == history.count + 2)
    }

    @Test func turnsThatDoNotFitAreSummarised() throws {
        let history = (1...30).flatMap {
            [turn(.user, "Question \($0)? " + String(repeating: "x ", count: 60)), turn(.assistant, "Answer \($0). More.")]
        }
        let prompt = PromptBuilder(budget: 900, style: .converse, counter: counter).prompt(
            question: question, passages: try passages(2), history: history)
        #expect(prompt.turns > 0 && prompt.summarised == history.count - prompt.turns)
        let summary = prompt.messages.first?.content ?? ""
        #expect(summary.contains("Earlier in this conversation:") && summary.contains("Answer"))
        #expect(counter.tokenCount(of: prompt.messages) <= 900)
    }

    @Test func aPassageThatIsTooLongIsCutAndLeavesRoomForOthers() throws {
        let filler = String(repeating: "word ", count: 1000)
        let long = try passage(filler + "The office is open from nine to five. " + filler, index: 1, from: 0)
        let prompt = PromptBuilder(budget: 500, style: .converse, counter: counter).prompt(
            question: question, passages: [long] + (try passages(2)), history: [])
        #expect(prompt.passages == [0, 1, 2])
        #expect(prompt.messages.last?.content.contains("The office is open from nine to five.") == true)
        #expect(counter.tokenCount(of: prompt.messages) <= 500)
        let thai = try passage(String(repeating: "สัญญาเช่าฉบับนี้มีอายุสามปี", count: 400), index: 1, from: 0)
        let alone = PromptBuilder(budget: 700, style: .converse, counter: counter).prompt(question: question, passages: [thai], history: [])
        #expect(alone.passages == [0])
        #expect(counter.tokenCount(of: alone.messages) <= 700)
    }

    @Test func rowsStandBelowTheNamesOfTheirColumns() throws {
        var rows = try passage("7 | Anna | 900\n8 | Bert | 800", index: 1, from: 0)
        rows.tableHeader = "id | name | salary"
        let prompt = PromptBuilder(budget: 1000, style: .converse, counter: counter).prompt(
            question: question, passages: [rows], history: [])
        #expect(prompt.messages.last?.content.contains("\nid | name | salary\n7 | Anna | 900") == true)
    }

    @Test func onlyWholeTurnsAreTold() {
        func told(_ history: [Message]) -> [String] {
            let prompt = PromptBuilder(budget: 1000, style: .converse, counter: counter).prompt(
                question: question, passages: [], history: history)
            #expect(prompt.passages.isEmpty && prompt.messages.dropFirst().map(\.role) == roles(prompt.messages.count - 1))
            return prompt.messages.map(\.content).dropFirst().dropLast()
        }
        func roles(_ count: Int) -> [ChatRole] { (0..<count).map { $0.isMultiple(of: 2) ? .user : .assistant } }
        #expect(told([turn(.user, "Q?"), turn(.assistant, "half an ans", .cancelled)]).isEmpty, "a question goes with its answer")
        #expect(
            told([turn(.user, "A?"), turn(.assistant, "", .failed), turn(.user, "B?"), turn(.assistant, "B.")]) == ["B?", "B."])
        #expect(told([turn(.assistant, "Hello!"), turn(.user, "A?"), turn(.assistant, "A.")]) == ["A?", "A."])
    }

    @Test func aQuestionIsNotToldWithoutItsAnswer() {
        let history = [turn(.user, String(repeating: "long ", count: 300)), turn(.assistant, "Short.")]
        let prompt = PromptBuilder(budget: 300, style: .converse, counter: counter).prompt(
            question: question, passages: [], history: history)
        #expect(prompt.messages.map(\.role) == [.system, .user], "there is no room for both")
    }
}
