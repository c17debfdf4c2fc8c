import Foundation

/// The names that entries of a back-up may have; no others are written or restored.
enum EntryName {
    static let manifest = "backup.json"
    static let key = "installation.key"
    static let checksums = "checksums.sha256"
    static let end = "end.json"
    static let blobs = "blobs"

    /// The place of an uploaded file, which is named by the SHA-256 of its content.
    static func blob(_ hash: String) -> String { "\(blobs)/\(hash.prefix(2))/\(hash)" }

    /// The hash of a name that `blob` gives; nil for every other name.
    static func hash(of name: String) -> String? {
        let hash = String(name.suffix(64))
        return isHash(hash) && name == blob(hash) ? hash : nil
    }

    static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Whether it is the name of a file with settings in the data folder itself.
    static func isSettings(_ name: String) -> Bool {
        guard name.hasSuffix(".yaml") || name.hasSuffix(".yml"), (5...80).contains(name.utf8.count), !name.hasPrefix(".") else {
            return false
        }
        return name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
        }
    }

    /// Bytes that files with settings or keys have at most.
    static let smallLimit = 1 << 20
    /// Files with settings at most.
    static let settingsLimit = 100
}
