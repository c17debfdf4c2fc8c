import Testing

@testable import ParleyIndex

@Suite struct TextAnalyzerTests {
    private func texts(_ text: String, _ kind: Token.Kind) -> [String] { TextAnalyzer.tokens(text).filter { $0.kind == kind }.map(\.text) }

    @Test(.timeLimit(.minutes(1))) func openingMarksAloneTakeNoTime() {
        #expect(ClauseReader.clauses(String(repeating: "“ ", count: 10_000)).count == 1)
        #expect(ClauseReader.clauses(String(repeating: "+« ", count: 10_000)).count == 1)
        #expect(ClauseReader.clauses("say « and «this»").contains(ClauseReader.Clause(text: " and «this", isQuoted: true)))
    }

    @Test func wordsAreFoldedAndCounted() {
        #expect(texts("The Patient's naïve ŒUVRE, co-operation", .word) == ["the", "patient", "naive", "oeuvre", "co", "operation"])
        #expect(TextAnalyzer.tokens("one, two — three").map(\.position) == [0, 1, 2])
        #expect(texts("soft\u{AD}hyphen", .word) == ["softhyphen"])
    }

    @Test(arguments: [
        ("ERR_CONN-42.", ["err_conn-42"]), ("see foo.bar_baz()", ["foo.bar_baz"]), ("(v1.2.3)", ["v1.2.3"]), ("C++ and C#", ["c++", "c#"]),
        ("use .NET", [".net"]), ("a well-known fact and/or don't", []), ("IL-6 levels", ["il-6"]), ("me@host.example", ["me@host.example"]),
        ("Note: this. That", []), ("3.14", ["3.14"]), ("e.g. in the U.S.", []),
    ]) func identifiersStandWhole(text: String, identifiers: [String]) {
        #expect(texts(text, .identifier) == identifiers)
    }

    @Test func denseScriptsGivePairs() {
        #expect(texts("東京都 です", .pair) == ["東京", "京都", "です"])
        #expect(texts("東京都", .character) == ["東", "京", "都"])
        #expect(texts("한국어", .pair) == ["한국", "국어"])
        #expect(texts("🎉👩‍🔬", .character) == ["🎉", "👩", "🔬"])
    }

    @Test func questionsAreReadInClauses() {
        typealias Clause = ClauseReader.Clause
        #expect(
            ClauseReader.clauses("what is \"open search\" +here -\"not this\" well-known -4 °C") == [
                Clause(text: "what is "), Clause(text: "open search", isQuoted: true), Clause(text: " "), Clause(text: "here", sign: .plus),
                Clause(text: " "), Clause(text: "not this", sign: .minus, isQuoted: true), Clause(text: " well-known -4 °C"),
            ])
        #expect(LexicalQuestion("6\" pipe and 5\" pipe").required.isEmpty)
        #expect(LexicalQuestion("What is the water?").ranking.map(\.text) == ["water"])
        #expect(LexicalQuestion("to be or not to be").ranking.map(\.text) == ["not"])
        #expect(LexicalQuestion("who is it").ranking.count == 3)
    }

    @Test(arguments: [
        "What does the -v option do?", "What does gcc -O2 do?", "tar -xvf", "explain rm -rf", "find . -name notes.txt", "chmod +x",
        "git -C folder",
        "gcc -Wall", "Was macht -nein?", "ls --all",
    ])
    func signsThatAreTextExcludeNothing(_ question: String) {
        #expect(!LexicalQuestion(question).hasConditions)
    }

    @Test func signsExcludeInSearches() {
        #expect(LexicalQuestion("climate policy -draft").excluded.map { $0.words.map(\.text) } == [["draft"]])
        #expect(LexicalQuestion("Bank -Geldautomat -Ufer").excluded.count == 1)
        #expect(LexicalQuestion("猫 -犬").excluded.count == 1)
        #expect(LexicalQuestion("How is -\"the weather\"?").excluded.count == 1)
    }

    @Test func spellingsOfOneWordAreOne() {
        #expect(texts("が", .character) == texts("か\u{3099}", .character))
        #expect(texts("ガイド", .pair) == texts("ｶﾞｲﾄﾞ", .pair))
        #expect(texts("한국어", .pair) == texts("\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}\u{110B}\u{1165}", .pair))
        #expect(texts("café", .word) == texts("cafe\u{301}", .word))
        #expect(texts("パスワード", .pair) == texts("ﾊﾟｽﾜｰﾄﾞ", .pair))
    }
}
