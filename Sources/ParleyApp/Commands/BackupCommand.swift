import ArgumentParser
import Backup
import Foundation
import ParleyCore

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up an installation into one file, also while a server runs on it.",
        usage: "parley backup FILE [--data-path DIR] [settings]",
        discussion: """
            The file holds the database as it is at one moment, the uploaded files, and the keys. A FILE of - writes to standard output. The file \
            that backup.passphrase_file names encrypts it. Settings are those of the server: flags, environment and settings file.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await reporting {
            var options = options
            let file = try options.takeWord("FILE")
            guard file != "-" || isatty(STDOUT_FILENO) == 0 else {
                throw ValidationError("Standard output is a terminal; send it to a file or a program.")
            }
            let backups = try options.backups()
            let target = file == "-" ? BackupTarget.standardOutput : .file(URL(filePath: LocalPath(file).absolute))
            let report = try await untilSignalled { try await backups.make(target) }
            Terminal.tell("Backed up: \(report.summary).")
            for warning in report.warnings { Terminal.tell("warning: " + warning) }
            guard !report.isEncrypted else { return }
            Terminal.tell(
                "warning: The file is not encrypted and holds keys and all documents: keep it as safe as the data folder, or set backup.passphrase_file."
            )
        }
    }
}

extension SettingsOptions {
    /// The back-ups of the installation that the settings name.
    func backups() throws -> Backups {
        let reader = try reader()
        let settings = AppSettings(reader)
        try reader.validate(known: AppSettings.all)
        return settings.backups()
    }
}
