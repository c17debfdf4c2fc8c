import CLanguage

/// A natural language by its ISO 639-1 code, such as `de`; Chinese is `zh` or `zh-Hant`.
public struct TextLanguage: Hashable, Sendable {
    public let code: String

    public init(_ code: String) { self.code = code }

    public static let english = Self("en")

    /// Bytes of a text that are looked at; more tells no more.
    private static let enough = 2000

    /// The language of a text, by CLD2; nil where the text does not tell it reliably.
    /// - Parameter likely: the language that is taken for likelier than others.
    public init?(of text: String, likely: TextLanguage? = nil) {
        // Cut between characters: CLD2 must not see half of one.
        var sample = String(text.prefix(Self.enough))
        let code = sample.withUTF8 { bytes -> String? in
            bytes.withMemoryRebound(to: CChar.self) { characters -> String? in
                guard let start = characters.baseAddress else { return nil }
                let length = Int32(clamping: characters.count)
                let found =
                    if let likely { likely.code.withCString { parley_language(start, length, $0) } } else {
                        parley_language(start, length, nil)
                    }
                return found.map { String(cString: $0) }
            }
        }
        guard let code else { return nil }
        self.code = code
    }
}
