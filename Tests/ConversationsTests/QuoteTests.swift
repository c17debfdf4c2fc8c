import ParleyDatabase
import ParleyIndex
import ParleyTesting
import Retrieval
import Testing

@testable import Conversations

@Suite struct QuoteTests {
    private func units(_ text: String) throws -> [QuoteUnit] { QuoteUnit.all(in: [try passage(text, index: 1, from: 0)]) }

    @Test func sentencesStayWhole() throws {
        let text = "Dr. Smith (of the Inst.) came at 9 a.m. and left. J. Doe stayed (until ten) at home. He said “No.” Then he slept! Why?"
        let found = try units(text)
        #expect(
            found.map(\.text) == [
                "Dr. Smith (of the Inst.) came at 9 a.m. and left.", "J. Doe stayed (until ten) at home.", "He said “No.”",
                "Then he slept!",
                "Why?",
            ])
        let scalars = Array(text.unicodeScalars)
        for unit in found { #expect(scalars[unit.from..<unit.to].text == unit.text) }
    }

    @Test func rowsAndItemsKnowWhatLeadsToThem() throws {
        let text = "Ports of the servers:\n\n- 80 for the web\n- 22 for SSH\n\nName | Port\nweb | 80\nmail | 25\n\nThe end."
        let found = try units(text)
        #expect(found.map(\.kind) == [.sentence, .item, .item, .row, .row, .row, .sentence])
        let leads = found.map { unit in unit.lead.map { text.scalars(from: $0.lowerBound, to: $0.upperBound) } }
        #expect(leads == [nil, "Ports of the servers:", "Ports of the servers:", nil, "Name | Port", "Name | Port", nil])
        #expect(found.allSatisfy { !$0.leadIsElsewhere }, "all of it is in the passage")
        #expect(try units("mail | 25\nftp | 21").map(\.leadIsElsewhere) == [true, true], "the table may have begun before")
    }

    @Test func headingsInAPassageAreNotQuotedButTold() throws {
        let found = try units("Handbook\n\nOffice hours\n\nThe office is open. It is warm.\n\nVisitors\n\nThey sign in.\n\nThe last line")
        #expect(found.map(\.text) == ["The office is open.", "It is warm.", "They sign in.", "The last line"])
        #expect(found.map(\.titles) == [["Handbook", "Office hours"], ["Handbook", "Office hours"], ["Visitors"], ["Visitors"]])
    }

    @Test func whatIsAskedForInTheNegativeIsNotToldByItsOpposite() async throws {
        let passages = [try passage("The Commission is the main executive body of the Union.", index: 1, from: 0)]
        let finder = LikenessFinder { texts, _ in texts.map { _ in 1 } }
        func probability(_ question: String) async throws -> Double {
            try await finder.find(question, in: passages, QuoteUnit.all(in: passages)).first?.probability ?? 0
        }
        #expect(try await probability("What is the main executive body of the Union?") >= finder.sure)
        #expect(try await probability("What is not the main executive body of the Union?") < finder.sure)
    }

    @Test(arguments: [
        ("How long does a refresh token work?", QuestionKind.duration), ("How many days of leave are there?", .amount),
        ("What port does it listen on?", .amount), ("When was it built?", .date), ("In what year did he die?", .date),
        ("Who wrote it?", .name), ("Where is the office?", .name),
    ])
    func questionsTellWhatTheyAskFor(_ question: String, _ kind: QuestionKind) { #expect(QuestionKind(question) == kind) }

    @Test func answeringWordsAreMarked() {
        #expect(QuestionKind("How do I make a backup?") == nil)
        func marked(_ question: String, _ text: String) -> [String] {
            let kind = QuestionKind(question)
            return (kind?.answers(in: text, asked: TellingWords.of(question)) ?? []).map {
                text.scalars(from: $0.lowerBound, to: $0.upperBound)
            }
        }
        #expect(marked("How long does a refresh token work?", "A refresh token works for 30 days.") == ["30 days"])
        #expect(marked("What port does it listen on?", "It listens on port 8080 of 127.0.0.1.") == ["8080", "127.0.0.1"])
        #expect(marked("When was the house built?", "Built in March 1999, it stands.") == ["March 1999"])
        #expect(marked("What time does it close?", "On Fridays it closes at three.") == ["Fridays", "three"])
        #expect(marked("Who wrote the letter?", "It was Ada Lovelace who wrote it.") == ["Ada Lovelace"])
        #expect(marked("How many days did 2 people need?", "The 2 people needed a lot.").isEmpty, "what the question says is no answer")
    }

    /// Scores units by a list.
    private struct Listed: AnswerFinder {
        let scores: [Double]
        let sure = 0.55
        let threshold: Double? = nil
        func find(_ question: String, in passages: [Passage], _ units: [QuoteUnit]) async throws -> [FoundAnswer] {
            scores.map { FoundAnswer(score: $0, probability: $0 / 10, words: [0..<3]) }
        }
    }

    private func places(_ text: String, _ scores: [Double], isSure: Bool = true) throws -> [ClosedRange<Int>] {
        let found = scores.map { FoundAnswer(score: $0, probability: $0 / 10, words: []) }
        return QuoteChoice(units: try units(text), found: found).places(isSure: isSure)
    }

    @Test func oneToThreeUnitsAreChosenInReadingOrder() throws {
        let text = "Cats sleep. Dogs bark. Birds sing. Fish swim. It is so."
        #expect(try places(text, [1, 8, 2, 7.5, 1]) == [1...1, 3...3])
        #expect(try places(text, [8, 8, 8, 8, 8]) == [0...2], "what follows each other stands together")
        #expect(try places(text, [1, 2, 1, 1, 9]) == [3...4], "it says what “it” is")
        #expect(try places(text, [1, 8, 2, 7.5, 1], isSure: false) == [1...1], "one of each passage")
        #expect(try places("To begin:\n\n- Stop.\n- Look.\n- Listen.\n\nThat is all.", [9, 1, 1, 1, 1]) == [0...3], "a list is whole")
        #expect(try places("Run this:\n\nmake all\n\nThen wait.", [9, 1, 1]) == [0...1])
    }

    @Test(arguments: TestDatabases.all)
    func everythingInAQuotedAnswerHasItsPlace(_ dialect: Dialect) async throws {
        try await TestDatabases.with(dialect, Conversation.migrations) { database in
            let passages = [
                try passage("Café 🎉 opens. Name | Port\nweb | 80", index: 1, from: 0), try passage("The bar is shut.", index: 2, from: 50),
            ]
            let finder = Listed(scores: [1, 9, 8.5])
            let read = try await ReadPassages("Which port?", passages, finder: finder)
            let quoted = try await QuotedAnswer.make([read], isDoubted: false, in: database)
            let text = quoted.pieces.map(\.text).joined()
            #expect(quoted.isSure && text == "“Café 🎉 opens. Name | Port\nweb | 80”\n\n“The bar is shut.”")
            let quotes = quoted.pieces.compactMap(\.quote)
            #expect(quotes.map { text.scalars(from: $0.place.from, to: $0.place.to) } == ["web | 80", "The bar is shut."])
            #expect(quotes[0].lead.map { text.scalars(from: $0.from, to: $0.to) } == "Café 🎉 opens. Name | Port")
            #expect(quotes.flatMap(\.marks).map { text.scalars(from: $0.from, to: $0.to) } == ["web", "The"])
            let citations = quoted.pieces.compactMap(\.citation)
            #expect(citations.map(\.number) == [1, 2] && citations.map(\.quote) == ["web | 80", "The bar is shut."])
            #expect(citations.allSatisfy { text.scalars(from: 0, to: $0.at).hasSuffix($0.quote + "”") })

            let doubted = try await QuotedAnswer.make([read], isDoubted: true, in: database)
            #expect(!doubted.isSure && doubted.pieces.first?.text == "Nearest passages; these may not answer:")
            #expect(doubted.pieces.compactMap(\.citation).map(\.number) == [1, 2])
            let unsure = try await ReadPassages("Which port?", passages, finder: Listed(scores: [1, 2, 3]))
            #expect(try await !QuotedAnswer.make([unsure], isDoubted: false, in: database).isSure)
        }
    }

    @Test func wordsAndLikenessTogetherFindTheSentence() async throws {
        let text = "An access token works for 15 minutes. A refresh token works for 30 days. Tokens are kept as hashes."
        let passages = [try passage(text, index: 1, from: 0)]
        let finder = LikenessFinder { texts, _ in texts.map { _ in 0.5 } }
        let found = try await finder.find("How long does a refresh token work?", in: passages, QuoteUnit.all(in: passages))
        let best = found.indices.max { found[$0].score < found[$1].score }
        #expect(best == 1 && found[1].words.count == 1 && found[1].probability > found[0].probability)
        let blind = LikenessFinder { _, _ in nil }
        let without = try await blind.find("How long does a refresh token work?", in: passages, QuoteUnit.all(in: passages))
        #expect(without[1].score > without[0].score && without[1].probability < blind.sure, "who cannot compare is not sure")
    }

    @Test func aModelsTextIsHeldUntilADocumentSaysIt() {
        func check(_ verdict: SupportVerdict) -> AnswerChecker.Piece {
            .sentence(SentenceCheck(from: 0, to: 1, verdict: verdict, support: 0))
        }
        var held = HeldText(needs: [.supported])
        #expect(held.add([.text("So. "), check(.partly)]).isEmpty && held.text == "So. " && !held.isOpen)
        #expect(held.add([.text("It is. "), check(.supported)]).count == 4 && held.isOpen && held.text.isEmpty)
        #expect(held.add([.text("More.")]).count == 1)
        var unsure = HeldText(needs: [.supported])
        _ = unsure.add([.text("The documents do not say that.")])
        #expect(unsure.isAdmission)
        _ = unsure.add([check(.notFound)])
        #expect(!unsure.isAdmission)
    }
}
