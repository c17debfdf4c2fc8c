/// The `---` block of settings (YAML) at the start that many tools write. Rules and slides begin with `---` too, so it is taken for one only
/// when all of its lines look like settings.
struct MarkdownFrontMatter {
    /// What the document says of itself, by the name in lower case.
    private(set) var fields: [String: String] = [:]
    /// Its other lines, which are text of the document.
    private(set) var rest: [Substring] = []
    /// The line at which the text begins.
    private(set) var end: Int

    /// Lines that it may have.
    private static let longest = 200
    private static let names: Set<String> = ["title", "author", "date"]

    init(_ lines: [Substring]) {
        end = lines.startIndex
        guard Self.isMark(lines.first),
            let close = lines.prefix(Self.longest).dropFirst().firstIndex(where: { Self.isMark($0) || $0 == "..." }),
            close > 1, Self.areSettings(lines[1..<close])
        else { return }
        for line in lines[1..<close] {
            let (name, value) = Self.setting(line) ?? ("", "")
            if Self.names.contains(name), !value.isEmpty, fields[name] == nil {
                fields[name] = value.trimmingQuotes
            } else {
                rest.append(line)
            }
        }
        end = close + 1
    }

    private static func isMark(_ line: Substring?) -> Bool {
        guard let line, line.hasPrefix("---") else { return false }
        return line.dropFirst(3).allSatisfy(\.isWhitespace)
    }

    /// A setting first, then settings, items, comments, and lines set in below them.
    private static func areSettings(_ lines: ArraySlice<Substring>) -> Bool {
        guard lines.first.map({ setting($0) != nil || $0.hasPrefix("#") }) == true, lines.contains(where: { setting($0) != nil }) else {
            return false
        }
        return lines.allSatisfy { line in
            line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") && !line.hasPrefix("# ")
                || line.hasPrefix("# ") && setting(line.dropFirst(2)) != nil
                || setting(line) != nil || line.hasPrefix("- ") || line.first == " " || line.first == "\t" || line == "}" || line == "]"
        }
    }

    /// `name: value`, where the name has no more words than a name has.
    private static func setting(_ line: Substring) -> (name: String, value: String)? {
        let head = line.unicodeScalars.prefix(60)
        guard let colon = head.firstIndex(of: ":"), let first = head.first, first.properties.isAlphabetic || first == "_" || first == "\""
        else {
            return nil
        }
        let name = head[..<colon]
        let value = line.unicodeScalars[line.unicodeScalars.index(after: colon)...]
        let isName = name.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || " _-.\"@".unicodeScalars.contains($0)
        }
        guard isName, name.split(separator: " ").count <= 2, value.isEmpty || value.first == " " || value.first == "\t" else { return nil }
        return (String(name).lowercased(), TextCleaner.line(String(value)))
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        guard utf8.count >= 2, let first, first == last, first == "\"" || first == "'" else { return self }
        return String(dropFirst().dropLast())
    }
}
