import ParleyCore
import Testing

@testable import Conversations

@Suite struct FollowUpTests {
    private func turns(_ contents: String...) -> [Message] {
        contents.enumerated().map { index, content in
            let now = Timestamp(milliseconds: 1)
            return Message(
                id: MessageID(at: now), thread: ThreadID(at: now), parent: nil, role: index.isMultiple(of: 2) ? .user : .assistant,
                content: content, state: .complete, outcome: AnswerOutcome(), job: nil, attempt: 1, createdAt: now)
        }
    }

    @Test func aQuestionThatStandsAloneStaysAsItIs() {
        let history = turns("When is the office open?", "From nine to five.")
        #expect(FollowUp.standalone("How many days of paid holiday does every employee have?", after: history) == nil)
        #expect(FollowUp.standalone("And on Saturdays?", after: []) == nil, "there is nothing to lean on")
    }

    @Test(arguments: ["And on Saturdays?", "What about Saturdays?", "Why?", "Is it closed on Saturdays?", "Who opens it?"])
    func aFollowUpIsSearchedForWithWhatItLeansOn(_ question: String) {
        let history = turns("When is the \"main office\" open?", "From nine to five.")
        #expect(FollowUp.standalone(question, after: history) == "When is the  main office  open? " + question)
    }

    @Test func aChainOfFollowUpsReachesItsFirstQuestion() {
        let history = turns("Who founded IBM?", "Flint.", "And when?", "In 1911.")
        #expect(FollowUp.standalone("Where was it?", after: history) == "Who founded IBM? And when? Where was it?")
    }

    @Test func aModelsRewritingIsTakenOnlyWhenItCanBeOne() {
        let history = turns("When is the office open?", "From nine to five.")
        let question = "And on Saturdays?"
        #expect(FollowUp.accepted(" When is the office open on Saturdays?\n", for: question, after: history) != nil)
        for bad in ["", "{\"a\": 1}", "Sure!\nWhen?", "The moon is made of cheese and honey.", String(repeating: "Saturdays ", count: 60)] {
            #expect(FollowUp.accepted(bad, for: question, after: history) == nil, "\(bad)")
        }
    }
}
