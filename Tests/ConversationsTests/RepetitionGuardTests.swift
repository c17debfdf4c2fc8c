import Testing

@testable import Conversations

@Suite struct RepetitionGuardTests {
    /// After how many characters the guard ends the text; nil when it does not.
    private func end(of text: String, isStrict: Bool = false) -> Int? {
        var guardian = RepetitionGuard(isStrict: isStrict)
        for (place, character) in text.enumerated() where guardian.repeats(String(character)) { return place + 1 }
        return nil
    }

    private func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

    @Test(arguments: [
        "The office is open from nine to five. ", "Yes, it is. Yes, it is indeed. ",
        "It opens at nine. It shuts at five. The hall is warm.\n",
        "so it is open and ", "very ", "会議室は三階にあります。", "!", "哈", "and the and then ", "\n\n\n\n", "| a row of the table | 5 |\n",
        "One is here.\nTwo is here.\nThree is here.\nFour is here.\nFive is here.\nSix is here.\nSeven is here.\n",
    ])
    func whatGoesRoundIsEnded(_ loop: String) {
        let end = end(of: "The answer follows. " + times(2000, loop))
        #expect(end.map { $0 < 6000 } == true, "\(end as Any)")
    }

    static let tables = """
        In hall one:

        | part | stock |
        |----------|----------|
        | bolt | 5 |

        In hall two:

        | part | stock |
        |----------|----------|
        | nut | 7 |

        The harbour opens at six.
        """

    @Test(arguments: [
        tables,
        "```py\nif a:\n    return response.json()['items']\nif b:\n    return response.json()['items']\nraise ValueError(b)\n```\n\nIt opens.",
        "| x | yes | yes | yes | yes | yes | yes | yes | yes | yes |\n| y | yes | yes | yes | yes | yes | yes | yes | yes | yes |",
        "- Monday: from nine to five\n- Tuesday: from nine to five\n- Monday: from nine to five\n- Monday: from nine to five",
        "The office is open from nine to five.\n\nIn short:\nThe office is open from nine to five.",
        "-----------------\n" + String(repeating: "=", count: 300),
        "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "}\n}\n}\n}\n}\n}\n}\n}\n", "a\tb\n1\t2\n1\t2\n1\t2\n1\t2\n", "no, no, no, no, that is wrong",
        "ha ha ha ha ha",
        "1. Turn the key to the right\n2. Turn the key to the right\n3. Turn the key to the right\n4. Turn the key to the right",
        "{\n  \"open\": true,\n  \"hall\": {\n    \"open\": true,\n    \"open\": true,\n    \"open\": true\n  }\n}",
    ])
    func tablesCodeListsAndEmphasisAreNoLoops(_ text: String) {
        #expect(end(of: text + "\nThe harbour opens at six. ") == nil)
    }

    @Test func smallModelsAreEndedSooner() {
        #expect(end(of: "The office is open from nine to five. Yes. Yes. The office is open from NINE to five. ", isStrict: true) != nil)
        #expect(end(of: Self.tables + " ", isStrict: true) == nil)
        var guardian = RepetitionGuard(isStrict: true)
        let noticed = ["a model that is pre-trained ", "pre-trained pre-", "trained pre-trained", " and more"].map { guardian.repeats($0) }
        #expect(noticed == [false, false, false, true])
    }

    @Test func aSentenceOfTheSameWordsIsALoop() {
        #expect(RepetitionGuard.isLoop("It is open and it is open and it is open and it is open and"))
        #expect(!RepetitionGuard.isLoop("It is very, very, very big, and it is old, and it is new."))
        #expect(!RepetitionGuard.isLoop("| yes | yes | yes | yes | yes |"))
    }

    @Test(.timeLimit(.minutes(1))) func aLongSentenceIsReadInTime() {
        #expect(end(of: (1...20_000).map { "word\($0) " }.joined()) == nil)
    }
}
