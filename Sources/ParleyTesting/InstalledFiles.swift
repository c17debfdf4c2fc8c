public import Foundation

/// What the set-up script installs, and the files of the repository.
public enum InstalledFiles {
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    /// The repository's folder.
    public static let repository = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The path of something in the installation: in PARLEY_HOME, else in `.parley` in the package's folder or one above.
    /// - Throws: a sentence that says what is missing and what to do.
    public static func path(_ relative: String) throws -> String {
        var homes = [ProcessInfo.processInfo.environment["PARLEY_HOME"]].compactMap { $0 }
        var folder = repository
        while folder.path != "/" {
            homes.append(folder.appending(path: ".parley").path)
            folder.deleteLastPathComponent()
        }
        for home in homes where FileManager.default.fileExists(atPath: home + "/" + relative) { return home + "/" + relative }
        throw Missing(description: "There is no \(relative) in .parley: run script/setup, or set PARLEY_HOME to the folder that has it.")
    }

    /// The text of a file of the repository.
    public static func text(_ relative: String) throws -> String {
        try String(contentsOf: repository.appending(path: relative), encoding: .utf8)
    }

    /// The built `parley` beside the running tests; nil when it was not built.
    public static var parley: URL? {
        let places = [Bundle.main.executableURL, URL(filePath: CommandLine.arguments[0]), Bundle.main.bundleURL].compactMap { $0 }
        return places.flatMap { [$0.deletingLastPathComponent(), $0] }.map { $0.appending(path: "parley") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
