/// What is in a back-up, as it was found by making or trying it.
public struct BackupReport: Sendable {
    public let manifest: BackupManifest
    public let documents: Int
    public let people: Int
    /// Of the whole file.
    public let bytes: Int
    public let isEncrypted: Bool
    /// Uploaded files whose content is not what it was.
    public let damaged: Int
    /// Migrations that the next start will apply to it.
    public let pending: Int
    /// Whether its database was brought to life and looked at.
    public let isDatabaseTried: Bool

    /// One line.
    public var summary: String {
        "\(documents) documents, \(people) people, \(manifest.files) files, \(bytes) bytes"
    }

    /// What is not as it should be, a sentence each.
    public var warnings: [String] {
        var warnings: [String] = []
        if manifest.missing > 0 {
            warnings.append("\(manifest.missing) uploaded files were missing from the installation when the back-up was made.")
        }
        if damaged > 0 { warnings.append("\(damaged) uploaded files were damaged when the back-up was made, and are not restored.") }
        if manifest.isKeyInSettings {
            warnings.append("The installation's key (secrets.key) is not in the back-up; keep it in another place.")
        }
        if !isDatabaseTried {
            warnings.append("The dump was read but not restored for a trial, since the database's role may not make databases (CREATEDB).")
        }
        return warnings
    }
}
