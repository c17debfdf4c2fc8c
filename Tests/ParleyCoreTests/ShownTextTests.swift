import ParleyCore
import Testing

@Suite struct ShownTextTests {
    @Test(arguments: [
        ("report\u{202E}fdp.exe", "reportfdp.exe"), ("a\u{1B}[2Jb", "a[2Jb"), ("one\r\ntwo", "one two"), ("a\u{2028}b", "a b"),
        ("\u{200E}\u{2066}x\u{2069}\u{200F}\u{61C}", "x"), ("pay\u{200B}pal", "paypal"), ("a\u{200D}b", "ab"), ("\u{9B}31m", "31m"),
        ("  spaced \t out ", "spaced out"), ("\u{FEFF}bom", "bom"), ("soft\u{AD}hyphen", "softhyphen"), ("\u{0}\u{7}", ""),
        ("tag\u{E0041}", "tag"), ("می\u{200C}خواهم", "می\u{200C}خواهم"), ("👩\u{200D}🔬 lab", "👩\u{200D}🔬 lab"), ("क्\u{200D}ष", "क्\u{200D}ष"),
        ("plain name.pdf", "plain name.pdf"), ("Übersicht – Ελληνικά 日本語", "Übersicht – Ελληνικά 日本語"), ("x\u{200D}", "x"),
    ])
    func aNameIsOneLineOfWhatIsSeen(_ given: String, _ shown: String) {
        #expect(ShownText.line(given) == shown)
        #expect(ShownText.line(ShownText.line(given)) == shown)
    }

    @Test func aTextKeepsItsLines() {
        #expect(ShownText.text("one\n\ttwo\u{1B}]0;title\u{7}\r\n\u{202E}three") == "one\n\ttwo]0;title \nthree")
        #expect(ShownText.text("nothing to do\n") == "nothing to do\n")
    }
}
