import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct ChunkerTests {
    /// A word is a token.
    private func chunker(target: Int = 20, maximum: Int = 34) -> Chunker {
        Chunker(.init(target: target, maximum: maximum)) { $0.split(whereSeparator: \.isWhitespace).count }
    }

    private func words(_ count: Int, _ word: String = "word") -> String { (0..<count).map { "\(word)\($0)" }.joined(separator: " ") }

    private func markdown(_ text: String) throws -> ParsedDocument { try MarkdownParser().parse(markdown: text) }

    @Test func aDocumentThatFitsIsOneChunk() throws {
        let document = try markdown("# Title\n\nOne.\n\n## Part\n\n" + words(15))
        let chunks = try chunker().chunks(of: document)
        #expect(chunks.map(\.text) == [document.text])
        #expect(chunks.first?.headingPath == [])
        #expect(chunks.first?.embeddedText == document.text)
    }

    @Test func sectionsKeepTheirPath() throws {
        let document = try markdown(
            "# Guide\n\n## Set-up\n\n\(words(18, "a"))\n\n### Linux\n\n\(words(18, "b"))\n\n## Use\n\n\(words(18, "c"))\n")
        let chunks = try chunker().chunks(of: document)
        #expect(chunks.map(\.headingPath) == [["Guide", "Set-up"], ["Guide", "Set-up", "Linux"], ["Guide", "Use"]])
        #expect(chunks.map(\.text) == [words(18, "a"), words(18, "b"), words(18, "c")])
        #expect(chunks[1].embeddedText == "Guide\nSet-up\nLinux\n" + words(18, "b"))
        #expect(chunks[1].tokens == 21)
    }

    @Test func smallNeighboursComeTogether() throws {
        let document = try markdown("# T\n\n## A\n\none two\n\n## B\n\nthree four\n\n## C\n\n\(words(30))")
        let chunks = try chunker().chunks(of: document)
        #expect(chunks.first?.text.contains("A\n\none two\n\nB\n\nthree four") == true)
        #expect(chunks.count == 2)
    }

    @Test func tablesRepeatTheirHeader() throws {
        let rows = (0..<30).map { "| r\($0) | v\($0) |" }.joined(separator: "\n")
        let chunks = try chunker().chunks(of: markdown("| Name | Value |\n|---|---|\n" + rows))
        #expect(chunks.count > 2)
        #expect(chunks.dropFirst().allSatisfy { $0.embeddedText.hasPrefix("Name | Value\n") && !$0.text.contains("Name") })
    }

    @Test func longTextSplitsAtSentencesThenWords() throws {
        let sentences = (0..<12).map { "Dr. X says sentence number \($0) here." }.joined(separator: " ")
        let chunks = try chunker().chunks(of: PlainTextParser().parse(text: sentences))
        #expect(chunks.count > 2)
        #expect(chunks.allSatisfy { $0.text.hasPrefix("Dr. X says") && $0.text.hasSuffix("here.") })
        let long = try PlainTextParser().parse(text: String(repeating: "é", count: 100))
        let endless = try Chunker(.init(target: 20, maximum: 30)) { $0.unicodeScalars.count }.chunks(of: long)
        #expect(endless.map(\.text).joined() == String(repeating: "é", count: 100))
    }

    @Test func chunksAreExactDisjointAndFit() throws {
        var random = Mulberry(seed: 3)
        for _ in 0..<150 {
            var source = ""
            for _ in 0...random.next(14) {
                let text = words(random.next(60) + 1, ["wört", "猫", "x🦆"][random.next(3)])
                let table = (0..<25).map { "| a\($0) | \(text.prefix(20)) |" }.joined(separator: "\n")
                let blocks: [String] = [
                    "# \(text.prefix(40))", "## H", text, text + ". " + text, "- \(text)", "```\n\(text)\n\n\(text)\n```",
                    "| A | B |\n|--|--|\n\(table)",
                ]
                source += blocks[random.next(7)] + "\n\n"
            }
            let document = try markdown(source)
            check(try chunker().chunks(of: document), document)
        }
    }

    private func check(_ chunks: [Chunk], _ document: ParsedDocument) {
        var covered = [Bool](repeating: false, count: document.length)
        var end = 0
        for (index, chunk) in chunks.enumerated() {
            #expect(chunk.ordinal == index && chunk.from >= end && chunk.to > chunk.from)
            #expect(chunk.text == document.text.scalarSlice(from: chunk.from, to: chunk.to))
            #expect(chunk.tokens <= 32, "\(chunk.embeddedText)")
            for offset in chunk.from..<chunk.to { covered[offset] = true }
            end = chunk.to
        }
        let named = Set(chunks.flatMap(\.headingPath))
        let scalars = Array(document.text.unicodeScalars)
        for block in document.blocks {
            if case .heading = block.kind, named.contains(TextCleaner.line(document.text(of: block))) { continue }
            #expect(
                (block.from..<block.to).allSatisfy { covered[$0] || scalars[$0].properties.isWhitespace }, "\(document.text(of: block))")
        }
    }

    @Test func pagesFollowTheSpan() async throws {
        let page = { (name: String) in (0..<6).map { (text: "\(name)\($0) " + self.words(8) + ".", size: 11, top: 120 + 40 * $0) } }
        let document = try await parse(Fixture.pdf([page("a"), page("b"), page("c")]))
        let chunks = try chunker().chunks(of: document)
        #expect(chunks.first?.firstPage == 1)
        #expect(chunks.last?.lastPage == 3)
        #expect(chunks.allSatisfy { $0.firstPage ?? 0 <= $0.lastPage ?? 0 })
    }
}
