import ArgumentParser
import ParleyCore
import ParleyDatabase

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database's schema up to date, show where it stands, or undo the last steps.")

    @Flag(help: "Show each migration and whether it is applied; change nothing.") var status = false
    @Option(help: "Undo this many migrations.") var rollback: Int?
    @OptionGroup var options: SettingsOptions

    func run() async throws {
        try await reporting {
            let reader = try options.reader()
            let settings = AppSettings(reader)
            try reader.validate(known: AppSettings.all)
            let folder = try DataFolder(settings.dataFolder)
            let database = try Database(Database.Configuration(url: settings.databaseURL))
            let migrator = Migrator(database, migrations: Parley.migrations)
            if status {
                for step in try await migrator.status() {
                    Terminal.print("\(step.appliedAt?.description ?? "not applied             ")  \(step.name)")
                }
            } else if let rollback {
                for name in try await migrator.rollback(steps: rollback) { Terminal.print("undone  \(name)") }
            } else {
                let names = try await migrator.migrate()
                for name in names { Terminal.print("applied  \(name)") }
                if names.isEmpty { Terminal.print("The schema is up to date.") }
            }
            await database.close()
            withExtendedLifetime(folder) {}
        }
    }
}
