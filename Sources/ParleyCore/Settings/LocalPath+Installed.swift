import Foundation

extension LocalPath {
    /// The absolute path of something that set-up installed. A relative path that is not below the working folder is looked
    /// for above the running binary too, so that Parley can be started from anywhere.
    public var installed: String {
        let here = absolute
        guard !text.hasPrefix("/"), !FileManager.default.fileExists(atPath: here), let binary = Bundle.main.executableURL
        else { return here }
        var folder = binary.resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let there = folder.appending(path: text).path
            if FileManager.default.fileExists(atPath: there) { return there }
            folder.deleteLastPathComponent()
        }
        return here
    }
}
