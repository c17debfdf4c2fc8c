import Testing

@testable import Conversations

@Suite struct StillMarkdownTests {
    @Test(arguments: [
        ("![x](https://attacker.example/a.png)", "x"), ("See ![the plan](<https://a.example/a b> \"t\") there", "See the plan there"),
        ("![](https://a.example)", ""), ("a [link](https://a.example) stays", "a [link](https://a.example) stays"),
        ("![x][1]\n\n[1]: https://a.example", "!\\[x][1]\n\n[1]: https://a.example"),
        ("![a [b] c](https://a.example)", "!\\[a [b] c](https://a.example)"),
        ("!![](u)[y](https://a.example)", "!\\[y](https://a.example)"), ("![!](u)[y](https://a.example)", "!\\[y](https://a.example)"),
        ("![a](https://a.example\n\"t\")", "!\\[a](https://a.example\n\"t\")"), ("![\u{301}](https://a.example)", "\u{301}"),
        ("![[https://a.example]]", "!\\[[https://a.example]]"),
        ("<img src=https://a.example>", "&lt;img src=https://a.example>"), ("\\<img src=x>", "\\&lt;img src=x>"),
        ("<IMG\nSRC=x>", "&lt;IMG\nSRC=x>"),
        ("<style>@import 'https://a.example'</style>", "&lt;style>@import 'https://a.example'&lt;/style>"),
        ("![<img src=x>](u)", "&lt;img src=x>"), ("<!--", "&lt;!--"), ("1 < 2 and List<Int>", "1 < 2 and List<Int>"),
        ("<https://a.example/?q=1> and <ada@example.com>", "<https://a.example/?q=1> and <ada@example.com>"), ("Wow! [1]", "Wow! [1]"),
        ("Look!", "Look!"),
    ])
    func nothingIsLoaded(_ given: String, _ still: String) {
        #expect(StillMarkdown(given).text == still)
    }

    @Test func codeStaysAsItIs() {
        let code = "Use\n\n```rust\nlet v = vec![1](2);\n<div class=\"x\">\n```\nthen ![x](u)"
        #expect(StillMarkdown(code).text == code.replacing("![x](u)", with: "x"))
    }

    /// Where a reader could see the fences elsewhere than they seem, all is prose.
    @Test(arguments: [
        "- ```\n  a\n  ```\n![x][1]", "```\na\n```b c\n![x][1]", "> ```\n\n```\n![x][1]", "~~~\n```\n![x][1]\n~~~\n```", "```\n![x][1]",
    ])
    func doubtfulCodeIsProse(_ given: String) {
        #expect(StillMarkdown(given).text.contains("!\\[x][1]"))
    }
}
