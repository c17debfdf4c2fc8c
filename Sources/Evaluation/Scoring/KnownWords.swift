/// Finds known words in a text whatever its line ends, case and hyphenation at line ends.
public enum KnownWords {
    /// Their place in Unicode scalars, half-open; nil when the text does not hold them.
    public static func find(_ words: String, in text: String) -> Range<Int>? {
        let (needle, _) = folded(words)
        let (scalars, places) = folded(text)
        guard let start = start(of: needle, in: scalars) else { return nil }
        return places[start]..<places[start + needle.count - 1] + 1
    }

    /// In time by the sum of both lengths (Knuth, Morris and Pratt 1977).
    private static func start(of needle: [Unicode.Scalar], in scalars: [Unicode.Scalar]) -> Int? {
        guard !needle.isEmpty, scalars.count >= needle.count else { return nil }
        // How long a beginning of the needle ends with its scalar at each place.
        var borders = [0]
        for scalar in needle.dropFirst() {
            var length = borders[borders.count - 1]
            while length > 0, needle[length] != scalar { length = borders[length - 1] }
            borders.append(needle[length] == scalar ? length + 1 : 0)
        }
        var matched = 0
        for (place, scalar) in scalars.enumerated() {
            while matched > 0, needle[matched] != scalar { matched = borders[matched - 1] }
            if needle[matched] == scalar { matched += 1 }
            if matched == needle.count { return place + 1 - matched }
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
