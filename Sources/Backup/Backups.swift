import Foundation
public import ParleyCore

/// Makes, tries and restores back-ups of one installation.
public struct Backups: Sendable {
    let installation: BackedUpInstallation
    let configuration: BackupConfiguration
    let images: any DatabaseImages
    let clock: any WallClock

    public init(_ installation: BackedUpInstallation, _ configuration: BackupConfiguration, clock: any WallClock = SystemClock()) {
        (self.installation, self.configuration, self.clock) = (installation, configuration, clock)
        images =
            switch installation.engine {
            case .sqlite:
                SQLiteImages(
                    database: installation.databaseFile, isInDataFolder: installation.pathInDataFolder(installation.databaseFile) != nil)
            case .postgres:
                PostgresImages(url: installation.databaseURL, rows: installation.rows, programs: configuration.programs)
            }
    }
}

extension BackedUpInstallation {
    /// The place of what lies in the data folder, from there; nil when it lies elsewhere.
    func pathInDataFolder(_ place: URL) -> String? {
        let start = dataFolder.path + "/"
        return place.path.hasPrefix(start) ? String(place.path.dropFirst(start.count)) : nil
    }
}
