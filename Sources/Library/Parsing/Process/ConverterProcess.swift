public import Foundation
import ParleyCore

/// Runs an outside converter on untrusted bytes: limited in CPU time, memory, file size and open files by `prlimit` (util-linux), in wall-clock
/// time by us; in its own process group and an empty working folder, without our environment or open files, never through a shell.
/// Its output goes to files in that folder, so that the file-size limit bounds it.
public struct ConverterProcess: Sendable {
    /// What a converter may use.
    public struct Limits: Sendable {
        /// Wall-clock and CPU seconds.
        public var seconds = 120
        /// Address space in bytes.
        public var memory = 1 << 30
        /// Bytes of each file that it writes, its standard output included.
        public var fileSize = 512 << 20
        public var openFiles = 32

        public init() {}
    }

    /// How it ended.
    public struct Outcome: Sendable {
        /// The exit status; nil when a signal ended it.
        public let status: Int32?
        /// The signal that ended it.
        public let signal: Int32?
        /// Its messages, at most 64 KB.
        public let messages: String
        /// Its standard output; gone when the body that got this value returns.
        public let output: URL
        /// The folder it worked in; gone likewise.
        public let folder: URL
    }

    private let program: String
    private let limits: Limits

    /// - Parameter program: a name to be found in the system's program folders, or an absolute path.
    public init(_ program: String, limits: Limits = Limits()) { (self.program, self.limits) = (program, limits) }

    /// Runs it to its end and hands the outcome to `body`; afterwards everything it wrote is deleted.
    /// - Parameter files: names and contents of what lies in its folder when it begins.
    /// - Throws: `converter.missing`; `document.too_complex` when it passed its time or output limit; `CancellationError`, the group being killed;
    ///   whatever `body` throws.
    public func run<T>(_ arguments: [String], files: [String: [UInt8]] = [:], _ body: (Outcome) async throws -> T) async throws -> T {
        let command = [try Self.find("prlimit")] + limitArguments + [try Self.find(program)] + arguments
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-converter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        let child = try ChildProcess(command, folder: folder)
        let end = try await child.wait(seconds: limits.seconds)
        return try await body(try outcome(end, folder))
    }

    private var limitArguments: [String] {
        [
            "--cpu=\(limits.seconds)", "--as=\(limits.memory)", "--fsize=\(limits.fileSize)", "--nofile=\(limits.openFiles)", "--core=0",
            "--",
        ]
    }

    private func outcome(_ end: ChildProcess.End, _ folder: URL) throws -> Outcome {
        switch end {
        case .timeout, .signal(SIGXCPU):
            throw ParleyError(
                .documentTooComplex, "Reading the document took longer than \(limits.seconds) seconds and was stopped. Split it into parts."
            )
        case .signal(SIGXFSZ):
            throw ParleyError(.documentTooComplex, "The document's text is larger than \(limits.fileSize >> 20) MB. Split it into parts.")
        default: break
        }
        let messages = (try? FileBytes.head(folder.appending(path: ChildProcess.messagesName), 1 << 16)) ?? []
        let (status, signal): (Int32?, Int32?) =
            switch end {
            case .exit(let status): (status, nil)
            case .signal(let signal): (nil, signal)
            case .timeout: (nil, SIGKILL)
            }
        return Outcome(
            status: status, signal: signal, messages: String(decoding: messages, as: UTF8.self),
            output: folder.appending(path: ChildProcess.outputName), folder: folder)
    }

    /// True when the program is installed.
    public static func isInstalled(_ program: String) -> Bool { (try? find(program)) != nil }

    private static func find(_ program: String) throws -> String {
        let candidates = program.hasPrefix("/") ? [program] : ["/usr/bin", "/bin", "/usr/local/bin"].map { $0 + "/" + program }
        guard let path = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw ParleyError(
                .converterMissing,
                "The program \(program) is not installed on the server; ask the operator to install it (Debian: poppler-utils, util-linux)."
            )
        }
        return path
    }
}
