public import Foundation
public import ParleyCore

/// How much room there is where files are kept, and how much must stay free for the database to go on.
public struct DiskSpace: Sendable {
    public static let minimumFree = Setting(
        "storage.min_free", default: ByteSize.mib(256), .range(.bytes(0) ... .gib(1024)),
        "Uploads are refused while less than this is free on the disk of the data folder, so that all else goes on.")
    public static let path = Setting<LocalPath?>(
        "storage.path", default: nil,
        "Folder of the uploaded files; left out, `blobs` in the data folder. Servers on one PostgreSQL database share it.")

    private let folder: String
    private let least: Int

    /// - Parameter least: bytes that uploads leave free.
    public init(_ folder: URL, least: Int) { (self.folder, self.least) = (folder.path, least) }

    /// Bytes that this process may still write; nil when the system does not tell.
    public var free: Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    /// Whether uploads are refused for want of room.
    public var isLow: Bool { least > 0 && (free ?? .max) < least }

    /// - Throws: `storage.full` while there is too little room.
    func check() throws {
        guard isLow else { return }
        throw ParleyError(
            .diskFull, "The server's disk is nearly full, so it takes no more documents. The operator must free some space.",
            retryAfter: .seconds(60))
    }
}
