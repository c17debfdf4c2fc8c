/// Identifiers in examples: the same at every start, so that the documentation is a published text and not one of the moment.
enum ExampleIdentifiers {
    static let suffix = "01M82TA686FX6R6M73T92GDESR"
    private static let bytes = Array(suffix.utf8)

    /// The JSON text with every identifier in it made the example of its kind: the prefix stays, the rest is always the same.
    static func fixed(_ text: [UInt8]) -> [UInt8] {
        var fixed = text
        for index in text.indices where text[index] == UInt8(ascii: "_") {
            let rest = text[(index + 1)...].prefix(bytes.count)
            let isAlone = index + bytes.count + 1 >= text.count || !isPart(text[index + bytes.count + 1])
            if rest.count == bytes.count, isAlone, rest.allSatisfy(isPart), text[..<index].suffix(3).allSatisfy(isPrefix) {
                fixed.replaceSubrange((index + 1)...(index + bytes.count), with: bytes)
            }
        }
        return fixed
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isPrefix(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
}
