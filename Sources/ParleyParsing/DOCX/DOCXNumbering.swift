/// Numbers of lists and headings, counted as Word counts them (ECMA-376, 17.9).
struct DOCXNumbering {
    private struct Level {
        var format = "decimal"
        var pattern = ""
        var start = 1
    }

    private var definitions: [Int: [Int: Level]] = [:]
    private var instances: [Int: Int] = [:]
    private var counters: [Int: [Int: Int]] = [:]

    init(_ bytes: [UInt8]) {
        var tokens = WordTokens(bytes)
        var definition: Int?
        var instance: Int?
        var level = 0
        while let token = tokens.next() {
            guard case .start(let name, let attributes, _) = token else { continue }
            switch name {
            case "abstractNum": (definition, instance) = (attributes["abstractNumId"].flatMap { Int($0) }, nil)
            case "num": (instance, definition) = (attributes["numId"].flatMap { Int($0) }, nil)
            case "abstractNumId": if let instance { instances[instance] = attributes.intValue }
            case "lvl": level = attributes["ilvl"].flatMap { Int($0) } ?? 0
            default:
                if let definition, (0...8).contains(level) {
                    Self.read(name, attributes, &definitions[definition, default: [:]][level, default: Level()])
                }
            }
        }
    }

    /// More than any mark needs; it is repeated before each paragraph of its list.
    private static let longestPattern = 64

    private static func read(_ name: String, _ attributes: [String: String], _ level: inout Level) {
        switch name {
        case "numFmt": level.format = attributes["val"] ?? "decimal"
        case "lvlText": level.pattern = String((attributes["val"] ?? "").unicodeScalars.prefix(longestPattern))
        case "start": level.start = attributes.intValue ?? 1
        default: break
        }
    }

    /// Counts on and gives the mark before the paragraph, with its space; empty for levels without one.
    mutating func marker(_ id: Int, level: Int) -> String {
        let list = instances[id] ?? id
        guard let levels = definitions[list], let current = levels[level] else { return "- " }
        if current.format == "bullet" { return "- " }
        if current.format == "none" { return "" }
        var counts = counters[list] ?? [:]
        let count = counts[level].map { $0 < Int.max ? $0 + 1 : $0 } ?? current.start
        counts = counts.filter { $0.key < level }
        counts[level] = count
        counters[list] = counts
        var text = current.pattern
        for index in 0...8 where text.contains("%\(index + 1)") {
            let number = Self.number(counts[index] ?? levels[index]?.start ?? 1, levels[index]?.format ?? "decimal")
            text = text.replacing("%\(index + 1)", with: number)
        }
        return text.isEmpty ? "" : text + " "
    }

    /// The number as a list shows it. After `z` comes `aa`, up to thirty letters (17.18.59).
    static func number(_ value: Int, _ format: String) -> String {
        switch format {
        case "lowerLetter", "upperLetter":
            guard (1...780).contains(value), let letter = Unicode.Scalar(UInt32(clamping: 97 + (value - 1) % 26)) else {
                return String(value)
            }
            let text = String(repeating: Character(letter), count: (value - 1) / 26 + 1)
            return format == "upperLetter" ? text.uppercased() : text
        case "lowerRoman": return roman(value).lowercased()
        case "upperRoman": return roman(value)
        default: return String(value)
        }
    }

    private static func roman(_ value: Int) -> String {
        guard (1..<4000).contains(value) else { return String(value) }
        let parts = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
            (5, "V"),
            (4, "IV"), (1, "I"),
        ]
        var rest = value
        var text = ""
        for (size, letters) in parts {
            text += String(repeating: letters, count: rest / size)
            rest %= size
        }
        return text
    }
}
