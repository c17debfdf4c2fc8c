import Crypto
import Foundation
import ParleyCore

/// The key of this installation, of which the keys are derived that guard secrets in the database.
enum InstallationKey {
    /// The key of the settings, else the one in the data folder, which is made at the first start.
    /// - Throws: `data.unusable` when it can be neither read nor written.
    static func load(_ setting: Secret?, folder: URL) throws -> Secret {
        if let setting { return setting }
        let file = folder.appending(path: "installation.key")
        if let text = try? String(contentsOf: file, encoding: .utf8), text.count >= 32 { return Secret(text) }
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw ParleyError(.dataUnusable, "The key in \(file.path) cannot be read; put it back from a backup, or remove the file.")
        }
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: file.path, contents: Data(text.utf8), attributes: attributes) else {
            throw ParleyError(.dataUnusable, "The key \(file.path) cannot be written; check the folder's owner and rights.")
        }
        return Secret(text)
    }
}
