/// Hides the password in `scheme://user:password@host`.
enum AddressPassword {
    static func masked(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return text }
        return text[...colon] + Secret.mask + text[at...]
    }
}

/// Writes one YAML scalar.
enum YAMLText {
    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "~", ""]

    /// Plain where that reads back as the same text, else in double quotation marks.
    static func quoted(_ text: String) -> String {
        let plain = text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-/+".unicodeScalars.contains($0)
        }
        if plain, text == "true" || text == "false" || (!words.contains(text.lowercased()) && !text.hasPrefix("-")) { return text }
        return JSONValue.string(text).text
    }
}
