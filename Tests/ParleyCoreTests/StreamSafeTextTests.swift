import ParleyCore
import Testing

@Suite struct StreamSafeTextTests {
    /// Two marks by turns, which Swift has to sort to compare them.
    static func marks(_ count: Int) -> String { String(repeating: "\u{301}\u{316}", count: count / 2) }

    @Test func manyMarksOnOneLetterAreCutToThirty() {
        let safe = ("a" + Self.marks(600) + "b" + Self.marks(20)).streamSafe
        #expect(safe.unicodeScalars.count == 1 + 30 + 1 + 20)
        #expect(safe.unicodeScalars.starts(with: ("a" + Self.marks(30) + "b").unicodeScalars))
    }

    @Test(arguments: [
        "", "plain", String(repeating: "é und 日本語 ", count: 100), String(repeating: "a" + StreamSafeTextTests.marks(30), count: 20),
        "a" + StreamSafeTextTests.marks(100),
    ])
    func ordinaryAndShortTextStaysAsItIs(_ text: String) { #expect(Array(text.streamSafe.utf8) == Array(text.utf8)) }

    /// As it came, the name would take minutes.
    @Test func aLongNameIsQuicklyHashed() {
        let name = ("a" + Self.marks(400_000)).streamSafe
        let took = ContinuousClock().measure { #expect([name: 1][name] == 1) }
        #expect(took < .seconds(1))
    }
}
