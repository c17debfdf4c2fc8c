import CFileSystem
import Foundation
import ParleyCore

/// What the file system is asked beyond reading and writing.
enum FileSystem {
    /// Bytes of a plain file; nil when there is none.
    static func size(of file: URL) -> Int? {
        var status = stat()
        guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Waits until a file, or the names in a folder, are on the disk.
    static func sync(_ place: URL) throws { try opened(place) { fsync($0) } }

    /// Waits until everything on the disk of this folder is on it: for folders of many files.
    static func syncAll(on folder: URL) throws { try opened(folder) { syncfs($0) } }

    /// - Throws: `backup.occupied` when there is something in the place, `backup.failed`.
    static func rename(_ file: URL, to place: URL) throws {
        guard Glibc.rename(file.path, place.path) == 0 else { throw failure(place) }
    }

    /// Puts each in the place of the other, at once.
    static func exchange(_ one: URL, _ other: URL) throws {
        guard renameat2(AT_FDCWD, one.path, AT_FDCWD, other.path, exchange_flag) == 0 else { throw failure(other) }
    }

    /// Bytes that may still be written in this folder; nil when the system does not tell.
    static func free(in folder: URL) -> Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    /// Whether something is there that lies on another disk than the folder that it is in.
    static func isMountPoint(_ place: URL) -> Bool {
        var (inner, outer) = (stat(), stat())
        guard lstat(place.path, &inner) == 0, lstat(place.deletingLastPathComponent().path, &outer) == 0 else { return false }
        return inner.st_dev != outer.st_dev
    }

    /// Makes one folder.
    static func make(_ folder: URL) throws {
        guard mkdir(folder.path, 0o700) == 0 || errno == EEXIST else { throw OpenFile.failure("The folder \(folder.path) cannot be made") }
    }

    private static func opened(_ place: URL, _ work: (CInt) -> CInt) throws {
        let descriptor = open(place.path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, work(descriptor) == 0 else { throw OpenFile.failure("\(place.path) could not be brought to the disk") }
    }

    private static func failure(_ place: URL) -> ParleyError {
        switch errno {
        case ENOTEMPTY, EEXIST: ParleyError(.backupOccupied, "\(place.path) is not empty.")
        default: OpenFile.failure("\(place.path) cannot be put in place")
        }
    }
}
