public import ParleyCore

extension ErrorCode {
    public static let backupFailed = Self("backup.failed", .internalFailure, "The back-up could not be made or restored")
    public static let backupDamaged = Self("backup.damaged", .unprocessable, "The back-up file is damaged or not whole")
    public static let backupLocked = Self("backup.passphrase", .forbidden, "The passphrase of the back-up is missing or wrong")
    public static let backupOccupied = Self("backup.occupied", .conflict, "There is something in the place already")
    public static let backupProgram = Self("backup.program", .unavailable, "A program of PostgreSQL is missing or too old")
}

extension ParleyError {
    /// A file that nothing is restored from.
    static func damaged(_ what: String) -> ParleyError {
        ParleyError(.backupDamaged, "The back-up is damaged or not whole: \(what). Nothing was restored from it; take another one.")
    }
}
