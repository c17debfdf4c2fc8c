import Testing

@testable import Conversations

@Suite struct QuestionShapeTests {
    @Test(arguments: [
        ("Compare the price of tea with that of coffee.", ["What is the price of tea?", "What is the price of coffee?"]),
        ("Compare the revenue of Ash and Birch in 2020", ["What is the revenue of Ash in 2020?", "What is the revenue of Birch in 2020?"]),
        (
            "Compare the small and the large room of the inn: how many beds does each have?",
            ["how many beds does the small room of the inn have?", "how many beds does the large room of the inn have?"]
        ),
        ("Compare what Ann earns with what Bob earns.", ["what Ann earns?", "what Bob earns?"]),
        (
            "What is the difference between an access token and a refresh token?",
            ["What is an access token?", "What is a refresh token?"]
        ),
        (
            "How do the hours of cooks and waiters differ at the inn?",
            ["What is the hours of cooks at the inn?", "What is the hours of waiters at the inn?"]
        ),
        ("How does the van differ from the truck?", ["What is the van?", "What is the truck?"]),
        ("SQLite vs PostgreSQL", ["What is SQLite?", "What is PostgreSQL?"]),
    ]) func comparisonsAreTakenApart(question: String, parts: [String]) {
        #expect(QuestionShape(question) == .comparison(parts))
    }

    @Test(arguments: [
        "List all error codes.", "How many rooms are there?", "Name the members", "Which of all the plans is cheap?",
        "What do they cost together?",
        "Compare the two freezers: how loud are they?",
    ]) func whatAsksForAllIsAList(question: String) {
        #expect(QuestionShape(question) == .list)
    }

    @Test(arguments: [
        "Who wrote it?", "", "compare", "How?", "difference between", "Is it and or vs", String(repeating: "a and ", count: 200),
    ])
    func othersAskForAFact(question: String) {
        #expect(QuestionShape(question) == (question == "compare" ? .list : .fact))
    }
}
