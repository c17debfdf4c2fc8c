import Testing

@testable import ParleyInference

@Suite struct TextAssemblerTests {
    static let inputs: [[UInt8]] = [
        Array("aé漢🙂👨‍👩‍👧z".utf8),
        [0x61, 0xF0, 0x9F, 0x99],
        [0xE6, 0x62, 0xFF, 0xC3, 0xC3, 0xA9, 0x80, 0xF0, 0x9F, 0x41],
    ]

    @Test(arguments: inputs) func everyCutGivesTheWhole(_ bytes: [UInt8]) {
        let whole = String(decoding: bytes, as: UTF8.self)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var assembler = TextAssembler()
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map { assembler.add($0) } + [assembler.finish()]
                #expect(pieces.joined().unicodeScalars.elementsEqual(whole.unicodeScalars))
            }
        }
    }

    @Test func halfACharacterIsHeldBack() {
        var assembler = TextAssembler()
        #expect(Array("é🙂".utf8).map { assembler.add([$0]) } == ["", "é", "", "", "", "🙂"])
        #expect(assembler.finish() == "")
    }
}

@Suite struct StopMatcherTests {
    @Test func everyCutStopsAtTheFirstStop() {
        let text = Array("Answer: a\n\nQuest Question: é more".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                var matcher = StopMatcher(["\n\nQuestion", "Question:", "é more than this"])
                let pieces = [text[..<first], text[first..<second], text[second...]].flatMap { Array(matcher.add($0)) }
                #expect(String(decoding: pieces, as: UTF8.self) == "Answer: a\n\nQuest ")
                #expect(matcher.isStopped)
                #expect(matcher.add(Array("x".utf8)).isEmpty)
            }
        }
    }

    @Test func onlyWhatMayBecomeAStopIsHeldBack() {
        var matcher = StopMatcher(["STOP", ""])
        #expect(Array(matcher.add(Array("abcST".utf8))) == Array("abc".utf8))
        #expect(Array(matcher.add(Array("STO".utf8))) == Array("ST".utf8))
        #expect(!matcher.isStopped)
        #expect(matcher.finish() == Array("STO".utf8))
        var none = StopMatcher([])
        #expect(Array(none.add([1, 2])) == [1, 2])
    }
}
