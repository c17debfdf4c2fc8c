import Foundation
import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct ParserTests {
    @Test func html() async throws {
        let page = """
            <!DOCTYPE html><html><head><title>A &amp; B</title><meta name=author content="Ann"><script>var x = "<p>no</p>"</script></head><body>
            <nav><a href=/>Home</a></nav><main><h1>Ducks</h1><p>They   swim<br>and <b>fly</b> &mdash; caf&eacute; &#x1F986;.<p>Second.
            <ul><li>one<li>two<ol start=3><li>three</ol></ul><table><tr><th>Name<th>Age<tr><td>Bo<td>3</table>
            <pre>  let a = 1
              let b</pre><blockquote><p>Quack.</p></blockquote></main><footer>Imprint</footer></body></html>
            """
        let document = try await parse(Array(page.utf8), "x.txt")
        #expect(document.isSound)
        #expect(document.title == "A & B")
        #expect(document.metadata.author == "Ann")
        #expect(
            document.outline == [
                "h1 Ducks", "p They swim\nand fly — café 🦆.", "p Second.", "li - one", "li - two", "li 3. three", "th Name | Age\nBo | 3",
                "code   let a = 1\n  let b", "quote Quack.",
            ])
    }

    @Test func htmlWhoseFrameIsNeverClosedKeepsItsText() throws {
        let text = String(repeating: "Words that matter. ", count: 20)
        #expect(try HTMLParser().parse(html: "<html><nav><p>\(text)</p>").text.contains("Words that matter."))
    }

    @Test func markdown() async throws {
        let source = """
            ---
            title: "Guide"
            author: Bo
            ---
            Head *line*
            ===========
            Text with **strong**, `co*de`, [a link](http://x/y_(z)), ![pic](p.png), a_b_c and 2 * 3 < 4.
            Next line.

            - one
              more
            1. two

            | A | B |
            |---|:-:|
            | 1 | `x|y` |

            ```swift
            let x = 1

            # no heading
            ```
            > said
            > so

            ## Sub ##
            <div align="center">

            **Bold** inside

            </div>
            """
        let document = try await parse(Array(source.utf8), "a.md")
        #expect(document.isSound)
        #expect(document.title == "Guide")
        #expect(document.metadata.author == "Bo")
        #expect(
            document.outline == [
                "h1 Head line", "p Text with strong, co*de, a link, pic, a_b_c and 2 * 3 < 4. Next line.", "li - one more", "li 1. two",
                "th A | B\n1 | x|y", "code let x = 1\n\n# no heading", "quote said so", "h2 Sub", "p Bold inside",
            ])
    }

    @Test func plainText() async throws {
        let source = """
            1 Introduction

            This paragraph was wrapped by hand at about sixty columns, so\r
            that its lines have to be joined, and the word impor-
            tant has to come out whole; important words do. Well-
            known compounds that are well-known keep their hyphen.

            Roses are red,
            Violets are blue.

            - first
            - second
              goes on
            """
        let document = try await parse(Array(source.utf8))
        #expect(document.isSound)
        #expect(
            document.outline == [
                "h1 1 Introduction",
                "p This paragraph was wrapped by hand at about sixty columns, so that its lines have to be joined, and the word important has to "
                    + "come out whole; important words do. Well-known compounds that are well-known keep their hyphen.",
                "p Roses are red,\nViolets are blue.", "li - first", "li - second goes on",
            ])
    }

    @Test func docx() async throws {
        let styles = """
            <w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/></w:style>
            <w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H"/></w:style></w:styles>
            """
        let numbering = """
            <w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="2"/>
            <w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>
            """
        let notes = """
            <w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="3"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>
            """
        let item = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>"
        let body = """
            <w:p><w:pPr><w:pStyle w:val="Mine"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p>
            <w:p><w:r><w:t xml:space="preserve">Begins </w:t><w:footnoteReference w:id="3"/><w:lastRenderedPageBreak/><w:t>ends.</w:t></w:r></w:p>
            \(item)\(item)<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>B</w:t></w:r></w:p></w:tc></w:tr>
            <w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            """
        let file = Fixture.docx(
            body: body, extra: [("word/styles.xml", styles), ("word/numbering.xml", numbering), ("word/footnotes.xml", notes)])
        let document = try await parse(file)
        #expect(document.isSound)
        #expect(document.outline == ["h2 Head", "p Begins [1]ends.", "p [1] A note.", "li b) item", "li c) item", "th A | B\n1 | 2"])
        #expect(document.pages.count == 2)
        #expect(document.blocks.map(\.page) == [1, 1, 2, 2, 2, 2])
    }

    @Test func pdf() async throws {
        var pages: [[(text: String, size: Int, top: Int)]] = []
        for page in 1...4 {
            pages.append([
                ("Running header", 9, 40), ("Chapter of page \(page)", 20, 150),
                ("The first line of this paragraph runs up to the right margin and is hyphen-", 11, 200),
                ("ated there, so that both have to be joined on page \(page) of the file.", 11, 214),
                ("Another paragraph stands here on its own, below some space.", 11, 250), ("\(page)", 9, 760),
            ])
        }
        let document = try await parse(Fixture.pdf(pages))
        #expect(document.isSound)
        #expect(document.pages.count == 4)
        #expect(
            document.outline.prefix(4) == [
                "p Running header", "h1 Chapter of page 1",
                "p The first line of this paragraph runs up to the right margin and is hyphenated there, so that both have to be joined on page 1 of "
                    + "the file.", "p Another paragraph stands here on its own, below some space.",
            ])
        #expect(document.text.ranges(of: "Running header").count == 1)
        #expect(
            document.warnings == [
                "Lines that repeat at the edge of pages stand once; left out after that: “Running header” (3).",
                "Page numbers at the edge of pages were left out: 4.",
            ])
        #expect(document.blocks.last?.page == 4)
    }

    @Test func pdfWithoutTextSaysSo() async throws {
        let code = await errorCode { _ = try await parse(Fixture.pdf([[], []])) }
        #expect(code == .documentNoText)
    }

    @Test func pdfWithMissingTextWarns() async throws {
        let document = try await parse(Fixture.pdf([[("Only this page has text.", 11, 200)], []]))
        #expect(document.warnings == ["1 of 2 pages have no text layer and could not be read: 2."])
    }
}
