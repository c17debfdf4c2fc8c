/// Texts that programs write for each other: told by what they begin with, and by their names where that may be anything.
enum DataText {
    /// Nil for all other texts.
    /// - Parameter name: in lower case.
    static func mediaType(of sample: String, named name: String) -> String? {
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        let start = sample.unicodeScalars.drop { $0.properties.isWhitespace }
        switch ending {
        case "ipynb": return start.first == "{" ? DetectedType.notebook : nil
        case "jsonl", "ndjson": return start.first == "{" || start.first == "[" ? DetectedType.jsonLines : nil
        case "json", "geojson", "har", "webmanifest": return start.first == "{" || start.first == "[" ? DetectedType.json : nil
        case "xml", "rss", "atom", "nxml", "tei", "dita", "xliff", "xlf", "jats": return start.first == "<" ? DetectedType.xml : nil
        case "srt", "vtt": return SubtitleCues.matches(sample) ? DetectedType.subtitles : nil
        default: break
        }
        guard TextName(name) == .unknown || TextName(name) == .prose else { return nil }
        if SubtitleCues.matches(sample) { return DetectedType.subtitles }
        if sample.hasPrefix("<?xml") { return DetectedType.xml }
        return beginsJSON(start)
            ? sample.contains("\"nbformat\"") && sample.contains("\"cells\"") ? DetectedType.notebook : DetectedType.json : nil
    }

    /// `{"name":` or a list of such; anything else in brackets may be a text's.
    private static func beginsJSON(_ text: Substring.UnicodeScalarView) -> Bool {
        var rest = text
        if rest.first == "[" { rest = rest.dropFirst().drop { $0.properties.isWhitespace } }
        guard rest.first == "{" else { return false }
        rest = rest.dropFirst().drop { $0.properties.isWhitespace }
        guard rest.first == "\"", let end = rest.dropFirst().prefix(200).firstIndex(of: "\"") else { return false }
        return rest[rest.index(after: end)...].first { !$0.properties.isWhitespace } == ":"
    }
}
