import ParleyCore
import Testing

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    @Test func readsEveryKindOfValue() throws {
        let text = #" {"a":[1,-2.5,1e3,true,false,null],"b":"\u00e9\ud83d\ude00\n\/","c":{}} "#
        #expect(try parse(text) == ["a": [1, -2.5, 1000.0, true, false, nil], "b": "é😀\n/", "c": [:]])
        #expect(try parse("9223372036854775807") == .int(.max))
        #expect(try parse("9223372036854775808") == .double(9_223_372_036_854_775_808))
        #expect(try parse("\u{FEFF}1") == 1)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "-", "+1", ".5", "1e", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"",
        "\"\\ud83d\"",
        "\"\\ud83dx\"", "\"\u{1}\"", "[1] 2", "{\"a\":1,\"a\":2}", "1e999", "{a:1}", "'a'",
    ])
    func refusesWhatIsNoJSON(_ text: String) throws {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func everyCutOfADocumentIsAnErrorAndNeverATrap() throws {
        let bytes = Array(#"{"a":[1,-2.5e+3,"\ud83d\ude00x"],"b":{"c":null}}"#.utf8)
        for length in 0..<bytes.count { #expect(throws: JSONError.self) { try JSONValue(parsing: bytes[..<length]) } }
        for index in bytes.indices {
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0xFF, 0x80] {
                var damaged = bytes
                damaged[index] = byte
                _ = try? JSONValue(parsing: damaged)
            }
        }
    }

    @Test func tellsWhere() throws {
        let error = try #require(throws: JSONError.self) { try parse("{\n  \"a\": oops\n}") }
        #expect("\(error)" == "a value was expected (line 2, column 8)")
    }

    @Test func valuesStandOneALine() throws {
        #expect(try JSONValue.lines(parsing: "{\"a\":1}\n\n \r\n[2]\r\n3".utf8) == [["a": 1], [2], 3])
        #expect(try JSONValue.lines(parsing: "".utf8).isEmpty)
        for text in ["1 2\n3", "[1,\n2]", "1\n{"] { #expect(throws: JSONError.self, "\(text)") { try JSONValue.lines(parsing: text.utf8) } }
        let error = try #require(throws: JSONError.self) { try JSONValue.lines(parsing: "{}\n\n  x".utf8) }
        #expect(error.line == 3 && error.column == 3)
        #expect(throws: JSONError.self) { try JSONValue.lines(parsing: "[1]\n[2]\n".utf8, JSONLimits(values: 3)) }
        #expect(throws: Never.self) { try JSONValue.lines(parsing: "[1]\n[2]\n".utf8, JSONLimits(values: 4)) }
    }

    @Test func refusesDeepNesting() throws {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try parse(nested(64)) }
        #expect(throws: JSONError.self) { try parse(nested(65)) }
        #expect(throws: JSONError.self) { try parse(String(repeating: "{\"a\":", count: 65) + "1" + String(repeating: "}", count: 65)) }
    }

    @Test func refusesWhatIsTooMuch() throws {
        func object(_ count: Int) -> String { "{" + (0..<count).map { "\"m\($0)\":1" }.joined(separator: ",") + "}" }
        #expect(try parse(object(1000)).object?.count == 1000)
        #expect(throws: JSONError.self) { try parse(object(1001)) }
        #expect(try parse(String(repeating: "1", count: 300)).double == Double(String(repeating: "1", count: 300)))
        #expect(throws: JSONError.self) { try parse("0." + String(repeating: "1", count: 1000)) }
        let name = String(repeating: "n", count: 256)
        #expect(throws: Never.self) { try parse("{\"\(name)\":1}") }
        #expect(throws: JSONError.self) { try parse("{\"\(name)n\":1}") }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[1,2,3]".utf8, JSONLimits(values: 3)) }
    }

    /// Whoever hashes the text, or looks for it among names, would take minutes.
    @Test func marksWithoutEndAreCut() throws {
        let text = "a" + String(repeating: "\u{301}\u{316}", count: 200_000)
        let value = try parse("[\"\(text)\"]")
        #expect(value.array?.first?.string?.unicodeScalars.count == 31)
        let name = String(String.UnicodeScalarView(text.unicodeScalars.prefix(101)))
        #expect(try parse("{\"\(name)\":1}").object?.first?.key.unicodeScalars.count == 101)
    }

    /// Some 200 KB each: a step that looked back at what came before would take minutes.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            String(repeating: "[", count: 200_000), "{" + (0..<30_000).map { "\"m\($0)\":1" }.joined(separator: ",") + "}",
            String(repeating: "1", count: 200_000), "-0." + String(repeating: "9", count: 200_000),
            "1e" + String(repeating: "0", count: 200_000),
            "[" + String(repeating: "0,", count: 100_000) + "0]", "\"" + String(repeating: "\\u0301", count: 33_000) + "\"",
            "[" + (0..<20_000).map { _ in "{\"a\":{}}" }.joined(separator: ",") + "]", String(repeating: "{\"a\":", count: 33_000),
            "\"" + String(repeating: "\\\\", count: 100_000), String(repeating: "\n", count: 200_000) + "x",
            "{\"" + String(repeating: "e\u{301}\u{323}", count: 40_000) + "\":1}",
        ])
    func takesTimeInProportionToTheText(_ text: String) {
        let started = ContinuousClock.now
        let value = try? parse(text)
        #expect(ContinuousClock.now - started < .seconds(2))
        if let value { #expect((try? JSONValue(parsing: value.bytes)) == value) }
    }
}
