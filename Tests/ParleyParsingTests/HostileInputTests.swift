import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct HostileInputTests {
    @Test func deepAndLongMarkup() throws {
        let deep = String(repeating: "<div><ul><li>", count: 30_000) + "core" + String(repeating: "</b>", count: 30_000)
        #expect(try HTMLParser().parse(html: deep).text.contains("core"))
        #expect(try HTMLParser().parse(html: String(repeating: "<table><tr><td>", count: 5_000) + "core").text.contains("core"))
        for piece in ["<!--", "<a ", "<script>", "<x y='", "&#", "<![CDATA[", "<p/"] {
            #expect(try HTMLParser().parse(html: "<p>start" + String(repeating: piece, count: 20_000)).isSound)
        }
    }

    @Test func pathologicalMarkdown() throws {
        for piece in [
            "[", "](", "[a](b ", "<a b='", "<a b ", "<!--", "$", "$a", "![x](<", "    - ", "> > ", "*a **b", "`", "_a_", "> ", "- ", "<a",
            "![", "|", "&amp", "~~a", "\\", "*_*",
        ] {
            #expect(try MarkdownParser().parse(markdown: "start " + String(repeating: piece, count: 8_000)).isSound, "\(piece)")
        }
        let runs = (1...300).map { String(repeating: "`", count: $0) }.joined(separator: " ")
        #expect(try MarkdownParser().parse(markdown: runs).isSound)
    }

    @Test(.timeLimit(.minutes(1))) func cellsThatReachFarCostLittle() throws {
        let wide = String(repeating: "<tr><td rowspan=0 colspan=1000>x", count: 5_000)
        #expect(try HTMLParser().parse(html: "<table>" + wide + "</table>").length < 500_000)
        let deep = "<table><tr>" + String(repeating: "<td rowspan=0>x", count: 2_000) + String(repeating: "<tr><td>y", count: 20_000)
        #expect(try HTMLParser().parse(html: deep).length < 2_000_000)
    }

    @Test func oneVeryLongLine() throws {
        let line = String(repeating: "word ", count: 100_000)
        let document = try PlainTextParser().parse(text: line + String(repeating: "x", count: 100_000))
        #expect(document.isSound)
        #expect(document.length == 600_000)
    }

    /// Each of these took a time that grew by the square of its length, or worse.
    @Test(.timeLimit(.minutes(1))) func timeGrowsWithTheLengthAlone() throws {
        let hyphens = String(repeating: String(repeating: "a", count: 49) + "-\n", count: 20_000)
        #expect(try PlainTextParser().parse(text: "Text\n\n" + hyphens).isSound)
        let runs = (1...1000).map { String(repeating: "`", count: $0) }.joined(separator: " ")
        #expect(try MarkdownParser().parse(markdown: runs).isSound)
        #expect(try MarkdownParser().parse(markdown: String(repeating: "[a](", count: 100_000)).isSound)
        let tables = String(repeating: "<table><tr><td>", count: 20_000) + String(repeating: "core ", count: 20_000)
        #expect(try HTMLParser().parse(html: tables + String(repeating: "</table>", count: 20_000)).text.contains("core core"))
        let marks = String(repeating: "\u{301}\u{316}", count: 100_000)
        #expect(try PlainTextParser().parse(text: "A" + marks + "\n\nText.").isSound)
        #expect(try HTMLParser().parse(html: "<p \(marks)='\(marks)'><a\(marks)>Text").isSound)
        let headings = (0..<20_000).map { "# Heading \($0)\n\n<p>a<p>b\n\n" }.joined()
        let document = try MarkdownParser().parse(markdown: headings)
        #expect(document.texts().map(\.text).filter { $0 == "a" }.count == 20_000)
    }

    @Test func marksBeyondAllUseGo() throws {
        let text = try PlainTextParser().parse(text: "e" + String(repeating: "\u{301}", count: 1000)).text
        // The first mark and its letter are one.
        #expect(text.unicodeScalars.count == 30)
    }

    @Test func whatAMarkRepeatsIsCutShort() async throws {
        let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
        let pattern = String(repeating: "%1", count: 10_000)
        let numbering =
            "<w:numbering \(space)><w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"9000\"/>"
            + "<w:numFmt w:val=\"upperLetter\"/><w:lvlText w:val=\"\(pattern)\"/></w:lvl></w:abstractNum>"
            + "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>"
        let item = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
        let file = Fixture.docx(body: String(repeating: item, count: 500), extra: [("word/numbering.xml", numbering)])
        #expect(try await parse(file).text.utf8.count < 500 * 1000)
    }

    @Test func aLongHeadingIsNotRepeatedWhole() throws {
        let words = String(repeating: "word ", count: 20_000)
        let document = try MarkdownParser().parse(markdown: "# \(words)\n\n" + String(repeating: "Some more text. ", count: 5_000))
        let chunks = try Chunker { $0.split(separator: " ").count }.chunks(of: document)
        #expect(chunks.count > 50)
        #expect(chunks.allSatisfy { chunk in chunk.headingPath.allSatisfy { $0.unicodeScalars.count <= 300 } })
    }

    @Test func moreTextThanIsReadIsRefused() async {
        var limits = ParsingLimits()
        limits.textLength = 1000
        #expect(
            await errorCode { _ = try await parse(Array(String(repeating: "word ", count: 300).utf8), limits: limits) }
                == .documentTooComplex)
        limits = ParsingLimits()
        limits.blocks = 10
        #expect(
            await errorCode { _ = try await parse(Array(String(repeating: "x\n\n", count: 30).utf8), limits: limits) }
                == .documentTooComplex)
    }

    @Test func zipBombIsStopped() async throws {
        // A gzip file is a deflate stream between ten bytes and eight.
        let packed = try await withFile([UInt8](repeating: 32, count: 4 << 20)) { file in
            try await ConverterProcess("gzip").run(["-n", "-c", file.path]) { [UInt8](try Data(contentsOf: $0.output)) }
        }
        let bomb = Array(packed.dropFirst(10).dropLast(8))
        #expect(bomb.count < 10_000)
        let file = Fixture.zip([(name: "word/document.xml", bytes: bomb, method: 8, size: 100)])
        var limits = ParsingLimits()
        limits.inflatedBytes = 1 << 20
        #expect(await errorCode { _ = try await parse(file, limits: limits) } == .documentTooComplex)
        let stored = Fixture.docx(body: String(repeating: " ", count: 2 << 20))
        #expect(await errorCode { _ = try await parse(stored, limits: limits) } == .documentTooComplex)
    }

    @Test func truncatedArchives() async {
        let file = Fixture.docx(body: "<w:p><w:r><w:t>Text</w:t></w:r></w:p>")
        for length in stride(from: 4, to: file.count - 1, by: 17) {
            #expect(await errorCode { _ = try await parse(Array(file.prefix(length))) } == .documentDamaged)
        }
    }

    @Test func entitiesDoNotExpand() async throws {
        let laughs =
            "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;>\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
            + "<w:p><w:r><w:t>&b; &lt;</w:t></w:r></w:p></w:document>"
        let document = try await parse(Fixture.zip([("word/document.xml", laughs)]))
        #expect(document.text == "&b; <")
    }

    @Test func randomChangesNeverTrap() async throws {
        var random = Mulberry(seed: 7)
        let seeds: [[UInt8]] = [
            Array("<h1>A</h1><table><tr><td>x<td>y</table><ul><li>1</ul><pre>q</pre>&amp;&#65; <a b='c'>".utf8),
            Array("# A\n\n- x\n- [l](u)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n> q *e* `c`\n".utf8),
            Fixture.docx(
                body: "<w:p><w:pPr><w:pStyle w:val=\"a\"/></w:pPr><w:r><w:t>Text</w:t></w:r></w:p><w:tbl><w:tr><w:tc/></w:tr></w:tbl>"),
            Array("1 Head\n\nText that is\nwrapped-\nhere.\n\n- a\n- b\n".utf8),
        ]
        for round in 0..<2_000 {
            let bytes = random.mutated(seeds[round % seeds.count])
            let text = TextDecoder.decode(bytes).text
            let document =
                switch random.next(3) {
                case 0: try HTMLParser().parse(html: text)
                case 1: try MarkdownParser().parse(markdown: text)
                default: try PlainTextParser().parse(text: text)
                }
            if !document.isSound { Issue.record("\(text)") }
            if round % 20 == 2 {
                do {
                    let document = try await parse(bytes)
                    #expect(document.isSound)
                } catch let refusal as ParleyError {
                    #expect(!refusal.code.isFault, "\(refusal)")
                }
            }
        }
    }
}

/// A small seeded generator, so that a failure comes again.
struct Mulberry {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(truncatingIfNeeded: state >> 33) % max(bound, 1)
    }

    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...next(8) where !bytes.isEmpty {
            let place = next(bytes.count)
            switch next(4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: next(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8(truncatingIfNeeded: next(128)), at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(next(40)), at: next(bytes.count))
            }
        }
        return bytes
    }
}
