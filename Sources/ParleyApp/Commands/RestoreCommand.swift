import ArgumentParser
import Backup
import Foundation
import ParleyCore

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Restore a back-up into an empty data folder, or try whether it can be restored.",
        usage: "parley restore FILE --data-path DIR [--check] [--replace] [settings]",
        discussion: """
            Everything is read and held against its checksums before anything is put in place. A FILE of - reads standard input. A back-up of \
            PostgreSQL needs an empty database, named by database.url.
            """)

    @Flag(help: "Only try it: restore it into a temporary place, look at whether it is whole, and remove it again.") var check = false
    @Flag(help: "Put it in the place of the installation in the data folder, which is moved aside; stop the server first.") var replace =
        false
    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await reporting {
            var options = options
            let file = try options.takeWord("FILE")
            let origin = file == "-" ? BackupOrigin.standardInput : .file(URL(filePath: LocalPath(file).absolute))
            let backups = try options.backups()
            let folder = AppSettings(try options.reader()).dataFolder
            if check {
                show(try await untilSignalled { try await backups.check(origin) }, "The back-up is whole")
                return
            }
            // A folder that is there already must be nobody's.
            let held = try FileManager.default.fileExists(atPath: folder.path) ? DataFolder(folder) : nil
            let replace = replace
            let (report, former) = try await untilSignalled { try await backups.restore(origin, replacing: replace) }
            show(report, "Restored to \(folder.path)")
            if let former { Terminal.tell("The former data folder is \(former.path); remove it when it is not needed any more.") }
            held?.release()
        }
    }

    private func show(_ report: BackupReport, _ what: String) {
        Terminal.print("\(what): \(report.summary), as of \(report.manifest.madeAt), made by Parley \(report.manifest.version).")
        if report.pending > 0 { Terminal.tell("\(report.pending) migrations will be applied at the next start.") }
        for warning in report.warnings { Terminal.tell("warning: " + warning) }
    }
}
