/// Finds known words in a text whatever its line ends, case and hyphenation at line ends.
public enum KnownWords {
    /// Their place in Unicode scalars, half-open; nil when the text does not hold them.
    public static func find(_ words: String, in text: String) -> Range<Int>? {
        let (needle, _) = folded(words)
        let (scalars, places) = folded(text)
        guard !needle.isEmpty, scalars.count >= needle.count else { return nil }
        for start in 0...(scalars.count - needle.count) where scalars[start..<start + needle.count].elementsEqual(needle) {
            return places[start]..<places[start + needle.count - 1] + 1
        }
        return nil
    }

    private static func folded(_ text: String) -> ([Unicode.Scalar], [Int]) {
        var scalars: [Unicode.Scalar] = []
        var places: [Int] = []
        for (place, scalar) in text.unicodeScalars.enumerated() {
            if scalar.properties.isWhitespace {
                if scalars.last != " ", !scalars.isEmpty {
                    scalars.append(" ")
                    places.append(place)
                }
            } else {
                scalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
                places.append(place)
            }
        }
        if scalars.last == " " {
            scalars.removeLast()
            places.removeLast()
        }
        return (scalars, places)
    }
}
