public import ArgumentParser

/// The command line: one binary that serves, and talks to a server.
public struct ParleyCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "parley",
        abstract: "Ask questions of your own documents.",
        discussion: """
            Settings come from flags (--http-port 9000), the environment (PARLEY_HTTP_PORT=9000) and a YAML file (--config FILE), in \
            that order. Commands that work on documents talk to a server (--server URL --token TOKEN), or open a data folder that no \
            server holds (--data-path DIR).
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, ModelCommand.self, ReadCommand.self, MigrateCommand.self, UserCommand.self, IngestCommand.self,
            SearchCommand.self,
            AskCommand.self, EvaluateCommand.self, CalibrateCommand.self, BackupCommand.self, RestoreCommand.self, DoctorCommand.self,
            VersionCommand.self,
        ])

    public init() {}
}

/// Exit codes, after sysexits(3).
enum ExitStatus {
    /// Wrong words on the command line.
    static let usage = ExitCode(64)
    /// A named file or resource is not there.
    static let missing = ExitCode(66)
    /// A service or model cannot be had.
    static let unavailable = ExitCode(69)
    /// Everything else.
    static let failure = ExitCode(1)
    /// Wrong settings.
    static let settings = ExitCode(78)
}
