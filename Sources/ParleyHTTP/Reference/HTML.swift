/// A little HTML: text is escaped, markup is not.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var markup = ""

    init(stringLiteral markup: String) { self.markup = markup }
    init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

    static func joined(_ parts: [HTML]) -> HTML {
        var html: HTML = ""
        html.markup = parts.map(\.markup).joined()
        return html
    }

    /// A description, in which code stands between backticks.
    static func words(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return "\(text)" }
        return joined(parts.enumerated().map { $0 % 2 == 1 ? "<code>\(String($1))</code>" : "\(String($1))" })
    }

    static func + (a: HTML, b: HTML) -> HTML { joined([a, b]) }

    struct StringInterpolation: StringInterpolationProtocol {
        var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity + 16 * interpolationCount) }
        mutating func appendLiteral(_ literal: String) { markup += literal }
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        mutating func appendInterpolation(_ text: String) {
            for character in text.unicodeScalars {
                switch character {
                case "&": markup += "&amp;"
                case "<": markup += "&lt;"
                case ">": markup += "&gt;"
                case "\"": markup += "&quot;"
                case "'": markup += "&#39;"
                default: markup.unicodeScalars.append(character)
                }
            }
        }
        mutating func appendInterpolation(_ number: Int) { markup += String(number) }
    }
}
