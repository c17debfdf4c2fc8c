public import Foundation

/// Runs an outside converter on untrusted bytes: limited in CPU time, memory, file size and open files by `prlimit` (util-linux), in wall-clock
/// time by us; in an empty working folder, without our environment or open files, never through a shell.
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
        public let end: End
        /// Its messages, at most 64 KB.
        public let messages: String
        /// Its standard output; gone when the body that got this value returns.
        public let output: URL
        /// The folder it worked in; gone likewise.
        public let folder: URL
    }

    public enum End: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
        /// It passed its wall-clock or CPU seconds.
        case tookTooLong
        /// It would have written a file larger than allowed.
        case wroteTooMuch
    }

    private let program: String
    private let limits: Limits
    private let leadsGroup: Bool
    private let environment: [String: String]

    /// - Parameters:
    ///   - program: a name to be found in the system's program folders, or an absolute path.
    ///   - leadsGroup: false for a converter that ends with the process group of its parent, when that is a child itself.
    ///   - environment: all that it gets beside the locale.
    public init(_ program: String, limits: Limits = Limits(), leadsGroup: Bool = true, environment: [String: String] = [:]) {
        (self.program, self.limits, self.leadsGroup, self.environment) = (program, limits, leadsGroup, environment)
    }

    /// Runs it to its end and hands the outcome to `body`; afterwards everything it wrote is deleted.
    /// - Parameter files: names and contents of what lies in its folder when it begins.
    /// - Throws: `converter.missing`; `converter.failed` when it cannot be started; `CancellationError`, the group being killed; whatever
    ///   `body` throws.
    public func run<T>(_ arguments: [String], files: [String: [UInt8]] = [:], _ body: (Outcome) async throws -> T) async throws -> T {
        var setup = ChildProcess.Setup(try Self.find("prlimit"), limitArguments + [try Self.find(program)] + arguments)
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-converter-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        let (output, messages) = (folder.appending(path: "stdout"), folder.appending(path: "stderr"))
        (setup.folder, setup.leadsGroup) = (folder, leadsGroup)
        setup.environment.merge(environment) { _, given in given }
        (setup.output, setup.messages) = (.file(output), .file(messages))
        let end = try await Self.start(setup).ended(within: .seconds(limits.seconds))
        return try await body(Outcome(end: End(end), messages: Self.head(of: messages), output: output, folder: folder))
    }

    private var limitArguments: [String] {
        [
            "--cpu=\(limits.seconds)", "--as=\(limits.memory)", "--fsize=\(limits.fileSize)", "--nofile=\(limits.openFiles)", "--core=0",
            "--",
        ]
    }

    private static func start(_ setup: ChildProcess.Setup) throws -> ChildProcess {
        do {
            let child = try ChildProcess(setup)
            // Whoever waits for an answer goes before a file that is being converted.
            GivingWay.begin(child.identifier)
            return child
        } catch {
            throw ParleyError(.converterFailed, "The program \(setup.executable) could not be started.", cause: error)
        }
    }

    private static func head(of file: URL) -> String {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return "" }
        defer { try? handle.close() }
        return String(decoding: (try? handle.read(upToCount: 1 << 16)) ?? Data(), as: UTF8.self)
    }

    /// True when the program is installed.
    public static func isInstalled(_ program: String) -> Bool { (try? find(program)) != nil }

    private static func package(of program: String) -> String {
        program == "tesseract" ? "tesseract-ocr" : "poppler-utils, util-linux"
    }

    private static func find(_ program: String) throws -> String {
        let candidates = program.hasPrefix("/") ? [program] : ["/usr/bin", "/bin", "/usr/local/bin"].map { $0 + "/" + program }
        guard let path = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw ParleyError(
                .converterMissing,
                "The program \(program) is not installed on the server; ask the operator to install it (Debian: \(package(of: program))), then retry the document."
            )
        }
        return path
    }
}

extension ConverterProcess.End {
    fileprivate init(_ end: ChildProcess.End?) {
        self =
            switch end {
            case nil, .signal(SIGXCPU): .tookTooLong
            case .signal(SIGXFSZ): .wroteTooMuch
            case .exit(let status): .exit(status)
            case .signal(let signal): .signal(signal)
            }
    }
}

extension ErrorCode {
    public static let converterMissing = Self("converter.missing", .unavailable, "A program that reads this type is not installed")
    public static let converterFailed = Self("converter.failed", .internalFailure, "The program that reads this type failed")
}
