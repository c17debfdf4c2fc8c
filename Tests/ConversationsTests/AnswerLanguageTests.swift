import Testing

@testable import Conversations

@Suite struct AnswerLanguageTests {
    @Test(arguments: [
        ("When is the office open on public holidays?", AnswerLanguage.english), ("Wann ist das Büro an Feiertagen geöffnet?", .german),
        ("Quand le bureau est-il ouvert les jours fériés ?", .french), ("¿Cuándo está abierta la oficina los días festivos?", .spanish),
        ("Когда открыт офис в праздничные дни?", .english), ("Opening hours?", .english), ("", .english), ("HTTP 404?", .english),
    ])
    func itIsThatOfTheQuestion(_ question: String, _ language: AnswerLanguage) {
        #expect(AnswerLanguage(of: question) == language)
    }

    @Test func noTextIsLeftInAnotherLanguage() {
        for texts in [
            AnswerLanguage.allCases.map(\.nothing), AnswerLanguage.allCases.map(\.refusal), AnswerLanguage.allCases.map(\.nearest),
        ] {
            #expect(Set(texts).count == AnswerLanguage.allCases.count)
        }
        #expect(
            AnswerLanguage.german.lookedThrough(passages: 1, documents: 1)
                == "Durchgesehen: 1 Stelle aus 1 Dokument. Andere können mehr enthalten.")
        #expect(
            AnswerLanguage.english.lookedThrough(passages: 6, documents: 2)
                == "Looked through: 6 passages of 2 documents. Others may hold more.")
    }
}
