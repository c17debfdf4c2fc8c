/// The words of a text that tell what it is about, as the lexical index sees them: folded, stemmed, without the words that carry
/// grammar alone; scripts without spaces by pairs of characters. For those who compare texts outside an index.
public enum TellingWords {
    public static func of(_ text: String) -> Set<String> {
        let stemmer = Stemmer()
        var words: Set<String> = []
        for token in TextAnalyzer.tokens(text) {
            switch token.kind {
            case .word: if !QuestionWords.all.contains(token.text) { words.insert(stemmer.stem(token.text)) }
            case .pair: words.insert(token.text)
            case .character, .identifier: break
            }
        }
        return words
    }
}
