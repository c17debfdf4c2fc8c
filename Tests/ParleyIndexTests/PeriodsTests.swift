import Testing

@testable import ParleyIndex

@Suite struct PeriodsTests {
    private func periods(_ text: String) -> [String] { TextAnalyzer.tokens(text).filter { $0.text.contains(" ") }.map(\.text) }

    @Test(arguments: [
        "Q2 2022", "q2 of fiscal 2022", "2022-Q2", "acme-q2-2022", "the second quarter of 2022", "2022 second quarter",
        "second-quarter 2022 results",
        "the quarter ended June 30, 2022", "for the three months ended 30 June 2022", "the quarterly period ending June 2022",
        "debt at June 30, 2022", "report-2022-06-30", "at the end of June 2022", "30 June 2022",
    ]) func aQuarterIsOneThingHoweverItIsWritten(text: String) {
        #expect(periods(text) == ["2022 q2"])
    }

    @Test func otherPartsOfAYear() {
        #expect(periods("the last quarter of 2021, the first half of 2020, H2 2019") == ["2021 q4", "2020 h1", "2019 h2"])
    }

    @Test(arguments: [
        "a quarter of 2022 pages", "the second half", "Q5 2022", "H3 2022", "Q2", "the second quarter", "June 29, 2022", "June 2022",
        "2022-06-29", "the end of May 2022", "the quarter ended",
        "three months ended in a year", "",
    ]) func otherWordsAreNone(text: String) {
        #expect(periods(text).isEmpty)
    }
}
