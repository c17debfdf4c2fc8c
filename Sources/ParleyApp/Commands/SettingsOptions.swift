import ArgumentParser
import Foundation
import ParleyCore

/// Settings as flags: `--http-port 9000` or `--http-port=9000`, and `--config FILE`. Every declared setting is a flag, so
/// they are read here rather than declared one by one.
struct SettingsOptions: ParsableArguments {
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Settings as flags, e.g. --http-port 9000; docs/settings.md lists them.", valueName: "settings"))
    var words: [String] = []

    init() {}

    init(words: [String]) { self.words = words }

    /// Takes the one word that is neither a flag nor a flag's value, such as the name of a file.
    /// - Throws: `ValidationError` when there is none.
    mutating func takeWord(_ name: String) throws -> String {
        var index = words.startIndex
        while index < words.endIndex, words[index].hasPrefix("--") { index += words[index].contains("=") ? 1 : 2 }
        guard index < words.endIndex else { throw ValidationError("Missing \(name).") }
        return words.remove(at: index)
    }

    /// - Throws: `ValidationError` for a word that is no flag or a flag without a value.
    func reader(adding extra: [String: String] = [:]) throws -> SettingsReader {
        var flags = extra
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else { throw ValidationError("“\(word)” is not a setting; write --NAME VALUE.") }
            let name = String(word.dropFirst(2))
            if let sign = name.firstIndex(of: "=") {
                flags[String(name[..<sign])] = String(name[name.index(after: sign)...])
            } else {
                guard let value = rest.popFirst() else { throw ValidationError("--\(name) needs a value.") }
                flags[name] = value
            }
        }
        let environment = ProcessInfo.processInfo.environment
        let file = flags.removeValue(forKey: "config") ?? environment["PARLEY_CONFIG"]
        return SettingsReader(flags: flags, environment: environment, file: file, notSettings: Self.notSettings)
    }

    /// Environment names that begin like settings and are none.
    private static let notSettings: Set<String> = [
        "PARLEY_CONFIG", "PARLEY_HOME", "PARLEY_SERVER", "PARLEY_TOKEN", "PARLEY_TEST_POSTGRES", "PARLEY_TEST_DATA",
    ]
}
