import Foundation

/// Our own program, which child processes run once more.
enum Program {
    /// The running one, or, where something else runs this code (a test), the `parley` that was built beside it.
    static var path: String {
        let running = URL(filePath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        let beside = running.deletingLastPathComponent().appending(path: "parley").path
        return running.lastPathComponent != "parley" && FileManager.default.isExecutableFile(atPath: beside) ? beside : running.path
    }
}
