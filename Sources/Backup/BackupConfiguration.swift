public import Foundation
public import ParleyCore

/// When and where back-ups are made by themselves, and how all of them are made.
public struct BackupConfiguration: Sendable {
    public static let folder = Setting<LocalPath?>(
        "backup.folder", default: nil, "Folder for the back-ups that the server makes by itself; best on another disk.")
    public static let every = Setting<Duration?>(
        "backup.every", default: nil, .optional(.range(.seconds(60) ... .seconds(366 * 86_400))),
        "How often the server makes a back-up; left out, never.")
    public static let keep = Setting(
        "backup.keep", default: 7, .range(1...10_000), "Back-ups that are kept in `backup.folder`; older ones are removed.")
    public static let passphraseFile = Setting<LocalPath?>(
        "backup.passphrase_file", default: nil,
        "File whose text, at least 12 characters, encrypts back-ups and opens encrypted ones; left out, back-ups are not encrypted.")
    public static let postgresPrograms = Setting<LocalPath?>(
        "backup.postgres_programs", default: nil,
        "Folder of `pg_dump` and `pg_restore`, at least as new as the PostgreSQL server; left out, they are looked for on the PATH.")

    public static let settings: [any SettingDeclaration] = [folder, every, keep, passphraseFile, postgresPrograms]

    /// What the server makes by itself.
    public struct Schedule: Sendable {
        public let folder: URL
        public let every: Duration
        public let keep: Int

        public init(folder: URL, every: Duration, keep: Int) { (self.folder, self.every, self.keep) = (folder, every, keep) }
    }

    /// Nil when the server makes none by itself.
    public let schedule: Schedule?
    let passphraseFile: String?
    let programs: String?

    public init(_ settings: SettingsReader) {
        passphraseFile = settings[Self.passphraseFile]?.absolute
        programs = settings[Self.postgresPrograms]?.absolute
        let (every, keep) = (settings[Self.every], settings[Self.keep])
        let folder = settings[Self.folder].map { URL(filePath: $0.absolute, directoryHint: .isDirectory) }
        if every != nil, folder == nil { settings.reject(Self.folder, "set where backup.every is") }
        schedule = every.flatMap { every in folder.map { Schedule(folder: $0, every: every, keep: keep) } }
    }

    /// Nil when back-ups are not encrypted.
    /// - Throws: `backup.passphrase` when the file cannot be read or its text could be guessed.
    public func passphrase() throws -> Secret? {
        guard let passphraseFile else { return nil }
        guard let text = try? String(contentsOfFile: passphraseFile, encoding: .utf8) else {
            throw ParleyError(.backupLocked, "The passphrase in \(passphraseFile) cannot be read; check the file and its rights.")
        }
        let passphrase = Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
        if let weakness = passphrase.weakness(minimum: 12) {
            throw ParleyError(.backupLocked, "The passphrase in \(passphraseFile) \(weakness); choose one of at least 12 characters.")
        }
        return passphrase
    }
}
