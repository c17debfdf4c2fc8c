import ParleyCore
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-7", "9223372036854775807", "1.5", "\"a \\\"b\\\" é\"", "[]", "{}", "[1,[2,{\"a\":null}]]",
        "{\"a\":1,\"b\":[true,\"x\"]}",
    ])
    func survivesTheText(text: String) throws { #expect(try JSONValue(parsing: text.utf8).text == text) }

    @Test func keepsKindsApart() throws {
        let value = try JSONValue(parsing: #"{"flag":true,"count":1,"share":0.5,"none":null,"list":["a"]}"#.utf8)
        #expect(value["flag"]?.bool == true)
        #expect(value["flag"]?.int == nil)
        #expect(value["count"] == .int(1))
        #expect(value["count"]?.double == 1)
        #expect(value["share"] == .double(0.5))
        #expect(value["none"] == .null)
        #expect(value["absent"] == nil)
        #expect(value["list"]?.array == ["a"])
    }

    @Test func equalValuesGiveEqualText() {
        let value: JSONValue = ["b": 1, "a": ["x": nil, "c": 2.5]]
        #expect(value.text == #"{"a":{"c":2.5,"x":null},"b":1}"#)
    }

    @Test(arguments: ["", "{", "[1,,2]", "tru", "{\"a\":1} x", "'a'"])
    func refuses(text: String) { #expect(throws: (any Error).self) { try JSONValue(parsing: text.utf8) } }

    /// The greatest and least figures, which no other number's conversion may trap on.
    @Test(arguments: [
        -9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        .leastNonzeroMagnitude,
        0x1p53, -0x1p53, -0.0, .infinity, -.infinity, .nan,
    ])
    func everyNumberCanBeWritten(_ number: Double) throws {
        let text = JSONValue.double(number).text
        #expect(try JSONValue(parsing: text.utf8).double == (number.isFinite ? number : nil))
    }
}
