import ArgumentParser

/// The version of this build.
enum Version {
    static let text = "0.1.0"
}

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() async throws { Terminal.print(Version.text) }
}
