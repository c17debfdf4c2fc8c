import Foundation
import Testing

@testable import ParleyParsing

/// What readers of Markdown are known to lose.
@Suite struct MarkdownFaultTests {
    private func outline(_ source: String) throws -> [String] {
        let document = try MarkdownParser().parse(markdown: source)
        #expect(document.isSound)
        return document.outline
    }

    private func text(_ source: String) throws -> String { try MarkdownParser().parse(markdown: source).text }

    @Test func slidesBeginWithARule() throws {
        #expect(
            try outline("---\n\nThe chair opens: the budget is 7000.\n\n---\n\nSecond slide.") == [
                "p The chair opens: the budget is 7000.", "p Second slide.",
            ])
        #expect(try text("---\n\n# Safety sheet\n\nCall 4455.\n\n---\n").contains("4455"))
        #expect(try text("---\nA line of prose: it is none of the settings.\n---\nRest").contains("it is none of the settings"))
        #expect(try text("---\ntitle: x\nand a sentence that is no setting\n---\nRest").contains("a sentence"))
    }

    @Test func frontMatterKeepsWhatIsNoTitle() throws {
        let document = try MarkdownParser().parse(
            markdown: "---\ntitle: Guide\nsummary: The pump of hall seven.\ntags:\n  - pump\n---\n\nText.")
        #expect(document.title == "Guide")
        #expect(document.text.contains("The pump of hall seven.") && document.text.contains("- pump") && !document.text.contains("title:"))
    }

    @Test(arguments: [
        "[ERROR]: disk full on host seven.", "[WARN]: retry", "[result]: n/a", "[10:42] Anna [support]: restart the router.",
        "[2024-01-05] Meeting [draft]: the board agreed.", "[load]: 3.5 of 4", "[note]: see chapter five",
    ]) func linesThatBeginWithBracketsStay(_ line: String) throws {
        #expect(try text("# Log\n\n\(line)\n\nNext.").contains(line))
        #expect(try text(line + "\n" + line).ranges(of: line).count == 2)
    }

    @Test func definitionsGoAndTheirLinksStayText() throws {
        let source =
            "See [the guide][g], [site] and ![logo][l].\n\n[g]: https://example.org/guide\n[site]: <https://x.y> \"T\"\n[l]: img/logo.png 'Logo'\n"
        #expect(try outline(source) == ["p See the guide, [site] and logo."])
    }

    @Test(arguments: [
        "matrix[i][j]", "a[0][1](x)", "handlers[name](event)", "Map<String, Integer>", "List<String>", "vector<int> v", "git clone <url>",
        "a < b > c",
        "[1][2]", "[see note](in the appendix below)", "5*3*2 = 30", "2**3**2", "snake_case_name", "f(x)[y]", "if (a<b && c>d)",
        "Array<Map<K, V>>",
        "cp <source> <target>", "$a_1 * b_2$", "<T extends Item>", "[x](y z)", "x[i](j)",
    ]) func signsOfCodeStayInText(_ code: String) throws {
        #expect(try text("Use \(code) here.") == "Use \(code) here.")
    }

    @Test func tagsAndLinksGo() throws {
        #expect(
            try text("A <b>bold</b> word, <span class='x'>a span</span>, <br>a [link](https://x.y/a_(b) 'T') and <me@x.org>.")
                == "A bold word, a span,  a link and me@x.org.")
        #expect(
            try text("10<sup>6</sup> and H<sub>2</sub>O, <img src=x alt=\"a tree\">, <!-- a > b -->seen") == "10^6 and H2O, a tree, seen")
    }

    @Test func codeInListsKeepsItsLines() throws {
        let source =
            "1. Get it.\n2. Run:\n\n    ```sh\n    # first\n    make all\n      make deep\n    ```\n\n3. Done.\n\n- a\n    - b\n\n        ```yaml\n        k: v\n        l: 2\n        ```\n"
        #expect(
            try outline(source) == [
                "li 1. Get it.", "li 2. Run:", "code # first\nmake all\n  make deep", "li 3. Done.", "li - a", "li - b", "code k: v\nl: 2",
            ])
        #expect(try outline("- ```\n  one\n  two\n  ```\n- x") == ["code one\ntwo", "li - x"])
        #expect(try outline("* Run\n\n      one\n      two\n") == ["li - Run", "code one\ntwo"])
        #expect(try outline("1. a\n\n\t```\n\tone\n\t\ttwo\n\t```\n") == ["li 1. a", "code one\n\ttwo"])
    }

    @Test func quotesAreReadLikeDocuments() throws {
        #expect(try outline("> **Note**\n>\n> ```\n> a\n>   b\n> ```\n> - x\n> - y") == ["quote Note", "code a\n  b", "li - x", "li - y"])
        #expect(try outline("> | A | B |\n> |---|---|\n> | 1 | 2 |") == ["th A | B\n1 | 2"])
        #expect(try text(String(repeating: "> ", count: 50) + "deep").contains("deep"))
    }

    @Test func linesThatTheirAuthorEndedStayLines() throws {
        #expect(try outline("First  \nsecond\\\nthird\nfourth") == ["p First\nsecond\nthird fourth"])
        #expect(try outline("Name: Anna\nPhone: 123\nRoom: 7") == ["p Name: Anna\nPhone: 123\nRoom: 7"])
        #expect(try outline("The year was\n1986. A good one.") == ["p The year was 1986. A good one."])
    }

    @Test func commentsTakeNothingWithThem() throws {
        #expect(try outline("<!-- a\nb --> seen\n\nText") == ["p seen", "p Text"])
        #expect(try text("Text.\n\n<!-- never closed\n\nMore text.\n\n## End").contains("More text."))
    }

    @Test func htmlWithinIsRead() throws {
        #expect(try outline("<details>\n<summary>More</summary>\n\nInside.\n\n</details>") == ["p More", "p Inside."])
        #expect(try outline("<pre>\n# no heading\n\n- no item\n</pre>\n\nText") == ["code # no heading\n\n- no item", "p Text"])
        #expect(try text("<footer>Made by Ann</footer>\n\n<aside>Take care</aside>\n\nText").contains("Made by Ann"))
        #expect(try text("<option> sets it. <title> is a tag.") == "<option> sets it. <title> is a tag.")
    }

    @Test func aParagraphAboveARuleIsNoHeading() throws {
        let long = String(repeating: "Words of a paragraph. ", count: 20).trimmingCharacters(in: .whitespaces)
        #expect(try outline(long + "\n---\nNext") == ["p " + long, "p Next"])
    }

    @Test func filesInTheTextAreLeftOut() throws {
        let picture = "data:image/png;base64," + String(repeating: "iVBORw0KGgoAAAANSUhEUg9A", count: 2500)
        for source in [
            "![x](\(picture))", "[x](\(picture))", "<img src=\"\(picture)\">", "[p]: \(picture)", "Raw \(picture) end",
            "```\n\(picture)\n```",
        ] {
            let document = try MarkdownParser().parse(markdown: "# Manual\n\nfact one\n\n\(source)\n\nfact two")
            #expect(document.length < 100 && document.text.contains("fact one") && document.text.contains("fact two"))
            #expect(document.warnings == ["Files that stand in the text, encoded as letters, were left out: 1."])
            #expect(try Chunker { $0.split(separator: " ").count }.chunks(of: document).count == 1)
        }
    }
}
