import ParleyCore
import Testing

@testable import ParleyHTTP

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

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
        let error = try #require(throws: ParleyError.self) { try parse(text) }
        #expect(error.code == .malformedJSON)
    }

    @Test func everyCutOfADocumentIsAnErrorAndNeverATrap() throws {
        let bytes = Array(#"{"a":[1,-2.5e+3,"\ud83d\ude00x"],"b":{"c":null}}"#.utf8)
        for length in 0..<bytes.count { #expect(throws: ParleyError.self) { try JSONParser.parse(Array(bytes[..<length])) } }
        for index in bytes.indices {
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0xFF, 0x80] {
                var damaged = bytes
                damaged[index] = byte
                _ = try? JSONParser.parse(damaged)
            }
        }
    }

    @Test func tellsWhere() throws {
        let error = try #require(throws: ParleyError.self) { try parse("{\n  \"a\": oops\n}") }
        #expect(error.message == "The body is not valid JSON: a value was expected (line 2, column 8).")
    }

    @Test func refusesDeepNesting() throws {
        let depth = JSONParser.maximumDepth
        #expect(throws: Never.self) { try parse(String(repeating: "[", count: depth) + String(repeating: "]", count: depth)) }
        #expect(throws: ParleyError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    }
}
