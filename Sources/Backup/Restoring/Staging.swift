import Foundation
import ParleyCore

/// Where a back-up is unpacked before it is put in place: each part beside the place that it comes to, so that a rename is enough.
struct Staging: Sendable {
    let work: WorkFolder
    /// What becomes the data folder.
    let data: URL
    let files: URL
    let image: URL
    /// Parts that do not come into the data folder, with their places.
    let others: [(part: URL, place: URL)]
    private let otherWork: [WorkFolder]

    init(for installation: BackedUpInstallation) throws {
        var (others, otherWork): ([(part: URL, place: URL)], [WorkFolder]) = ([], [])
        let work = try Self.folder(beside: installation.dataFolder)
        let data = work.url.appending(path: "data", directoryHint: .isDirectory)
        try FileSystem.make(data)
        func part(of place: URL) throws -> URL {
            if let path = installation.pathInDataFolder(place) {
                let part = data.appending(path: path)
                try FileManager.default.createDirectory(at: part.deletingLastPathComponent(), withIntermediateDirectories: true)
                return part
            }
            let folder = try Self.folder(beside: place)
            otherWork.append(folder)
            others.append((folder.file("part"), place))
            return folder.file("part")
        }
        files = try part(of: installation.files)
        image = try installation.engine == .sqlite ? part(of: installation.databaseFile) : work.file("image")
        (self.work, self.data, self.others, self.otherWork) = (work, data, others, otherWork)
    }

    /// Removes what was not put in place.
    func remove() { for folder in [work] + otherWork { folder.remove() } }

    private static func folder(beside place: URL) throws -> WorkFolder {
        let parent = place.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        guard !FileSystem.isMountPoint(place) else {
            throw ParleyError(
                .backupFailed, "A disk is mounted at \(place.path), so that nothing can take its place; choose a folder in it.")
        }
        return try WorkFolder(in: parent)
    }
}
