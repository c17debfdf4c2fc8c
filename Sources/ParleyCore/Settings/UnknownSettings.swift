/// Finds names that no component declares, and the declared one that was probably meant.
struct UnknownSettings {
    /// Names that are mistakes: every unknown flag and key of the file, and variables that look like a misspelt one.
    let mistakes: [FieldError]
    /// Variables that resemble no setting. Others may have set them: Kubernetes gives `PARLEY_SERVICE_HOST` to every pod beside a service named parley.
    let foreignVariables: [String]

    init(known: [any SettingDeclaration], sources: SettingSources) {
        let variables = known.map(\.variable) + known.filter(\.isSecret).map { $0.variable + "_FILE" }
        let foreign = Set(sources.environment.keys).subtracting(variables).filter { Self.nearest($0, variables) == nil }
        foreignVariables = foreign.sorted()
        mistakes =
            Self.unknown(sources.flags, names: known.map(\.flagName)) { "--" + $0 }
            + Self.unknown(sources.environment.filter { !foreign.contains($0.key) }, names: variables) { $0 }
            + Self.unknown(sources.file, names: known.map(\.key)) { $0 }
    }

    private static func unknown(_ found: [String: FoundSetting], names: [String], shown: (String) -> String) -> [FieldError] {
        let known = Set(names)
        return found.filter { !known.contains($0.key) }.sorted { $0.key < $1.key }.map { name, setting in
            let near = nearest(name, names).map { "; did you mean \(shown($0))?" } ?? ". Remove it."
            let place = setting.origin == shown(name) ? "" : " (\(setting.origin))"
            return FieldError(shown(name), "There is no such setting\(place)\(near)")
        }
    }

    /// The name that differs least, where the difference is small.
    static func nearest(_ name: String, _ names: [String]) -> String? {
        let best = names.map { ($0, distance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
        guard let best, best.1 <= max(2, name.count / 4) else { return nil }
        return best.0
    }

    /// Levenshtein's edit distance, over at most 100 characters.
    static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.utf8.prefix(100)), Array(b.utf8.prefix(100)))
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = i
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let substituted = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
