import Accounts
import Backup
import Foundation
import Library
import Notifications
import ParleyCore
import ParleyDatabase
import ParleyJobs
import ParleyTelemetry

extension AppSettings {
    /// Makes, tries and restores back-ups of the installation that these settings are of.
    func backups(clock: any WallClock = SystemClock()) -> Backups {
        let installation = BackedUpInstallation(
            version: Version.text, dataFolder: dataFolder, databaseURL: databaseURL, files: storage,
            isKeyInSettings: installationKey != nil, migrations: Parley.migrations, rows: rows(clock))
        return Backups(installation, backup, clock: clock)
    }

    /// The service that makes them by itself; nil when the settings name no times for it.
    func backups(clock: any WallClock, telemetry: Telemetry) -> BackupService? {
        backup.schedule.map { BackupService(backups(clock: clock), $0, telemetry: telemetry) }
    }

    private func rows(_ clock: any WallClock) -> BackedUpRows {
        BackedUpRows(
            forEachFile: { try NamedBlobStore.forEach(in: $0, $1) },
            counts: { (try NamedBlobStore.documents(in: $0), try UserCountStore.people(in: $0)) },
            moved: { connection in
                try MovedReadersStore.move(in: connection, at: clock.now())
                try MovedEventsStore.forgetTransactions(in: connection)
            },
            holdFiles: { [storage] in try await BlobHold.shared(in: storage) })
    }
}
