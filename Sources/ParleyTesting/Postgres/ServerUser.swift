import Foundation

/// Whom the server runs as: PostgreSQL refuses to run as root, so root runs it as `nobody`.
struct ServerUser {
    private let isRoot = geteuid() == 0
    private let user = getpwnam("nobody").map { ($0.pointee.pw_uid, $0.pointee.pw_gid) } ?? (65534, 65534)

    /// A command that this user runs, and that ends when the thread that started it does.
    func command(_ program: URL, _ arguments: [String]) -> Command {
        let change = isRoot ? ["--reuid=\(user.0)", "--regid=\(user.1)", "--clear-groups"] : []
        return Command(URL(filePath: "/usr/bin/setpriv"), change + ["--pdeathsig=QUIT", "--", program.path] + arguments)
    }

    /// Makes the user the folder's owner.
    func give(_ folder: URL) throws {
        guard !isRoot || chown(folder.path, user.0, user.1) == 0 else {
            throw TestFailure("The folder \(folder.path) cannot be given to the user nobody.")
        }
    }

    /// The programs' folder, or a copy of their installation where this user cannot reach it, as under `/root`.
    func reachable(_ programs: URL, copyTo place: URL) throws -> URL {
        guard isRoot, !isOpenToAll(programs) else { return programs }
        // The binaries find their libraries two folders up.
        let package = programs.deletingLastPathComponent().deletingLastPathComponent()
        let root = package.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for folder in [package, root.appending(path: package.lastPathComponent + ".libs")] {
            try FileManager.default.copyItem(at: folder, to: place.appending(path: folder.lastPathComponent))
        }
        let inside = programs.pathComponents.suffix(3).joined(separator: "/")
        return place.appending(path: inside)
    }

    private func isOpenToAll(_ folder: URL) -> Bool {
        var above = folder
        while above.path != "/" {
            var status = stat()
            guard stat(above.path, &status) == 0, status.st_mode & 0o001 != 0 else { return false }
            above.deleteLastPathComponent()
        }
        return true
    }
}
