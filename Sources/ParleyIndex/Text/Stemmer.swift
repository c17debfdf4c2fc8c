import CStemmer

/// The Snowball algorithm of a language by libstemmer, English (Porter 2) where it has none. One thread at a time.
final class Stemmer {
    private let handle: OpaquePointer?

    /// Without libstemmer's English algorithm words stay as they are.
    init(_ language: TextLanguage = .english) { handle = sb_stemmer_new(language.code, nil) ?? sb_stemmer_new("en", nil) }

    deinit { if let handle { sb_stemmer_delete(handle) } }

    func stem(_ word: String) -> String {
        guard let handle else { return word }
        var word = word
        return word.withUTF8 { bytes in
            guard let stem = sb_stemmer_stem(handle, bytes.baseAddress, Int32(clamping: bytes.count)) else {
                return String(decoding: bytes, as: UTF8.self)
            }
            return String(decoding: UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(handle))), as: UTF8.self)
        }
    }
}
